package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same messages of the same clients to dnsmasq and to the responder: where dnsmasq answers, the responder must, and
 * with what it says.
 *
 * <p>A case is a test that describes the network twice, with {@link #serve}: once for the responder, as a
 * {@link DhcpSubnet}, and once in dnsmasq's options. It then calls {@link #ask} for each message; both servers get it,
 * byte for byte. Compare the two replies by hand where only a part is of interest, or with {@link #assertAlike}. dnsmasq
 * picks addresses of a pool in another order than the responder does: reserve an address, or let the guest ask for one
 * (option 50). A lone {@code serve()} describes ten addresses from 10.0.0.100 on, and 10.0.0.11 for
 * {@code Guest.number(1)}.
 */
final class DnsmasqIT {

    @TempDir
    Path directory;

    private @Nullable Dnsmasq dnsmasq;
    private @Nullable DhcpNetwork ours;

    /** What the two servers said; null is silence. */
    record Replies(@Nullable Reply dnsmasq, @Nullable Reply ours) {}

    @BeforeEach
    void needsRootAndDnsmasq() {
        Peers.requireRoot();
        Peers.require("dnsmasq");
    }

    @AfterEach
    void stop() {
        if (dnsmasq != null) {
            dnsmasq.close();
        }
    }

    private void serve(DhcpSubnet subnet, String... dnsmasqOptions) throws IOException {
        ours = new DhcpNetwork(subnet);
        dnsmasq = new Dnsmasq(directory, dnsmasqOptions);
    }

    private void serve() throws IOException {
        serve(
                subnet(10)
                        .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null)
                        .build(),
                "--dhcp-range=10.0.0.100,10.0.0.109,1h",
                "--dhcp-option=3,10.0.0.1",
                "--dhcp-option=6,10.0.0.53",
                "--dhcp-option=26,1450",
                "--dhcp-host=02:00:00:00:00:01,10.0.0.11");
    }

    private DhcpNetwork ours() {
        if (ours == null) {
            throw new IllegalStateException("call serve first");
        }
        return ours;
    }

    private Replies ask(Guest guest) {
        if (dnsmasq == null) {
            throw new IllegalStateException("call serve first");
        }
        return new Replies(dnsmasq.ask(guest), ours().ask(guest));
    }

    /** Both answer, with the same type and address, and the same value in each of some options. */
    private static void assertAlike(Replies replies, int... options) {
        assertNotNull(replies.dnsmasq, "a reply of dnsmasq");
        assertNotNull(replies.ours, "a reply of ours");
        assertEquals(replies.dnsmasq.type(), replies.ours.type(), "type");
        assertEquals(replies.dnsmasq.yiaddr(), replies.ours.yiaddr(), "yiaddr");
        assertEquals(replies.dnsmasq.ciaddr(), replies.ours.ciaddr(), "ciaddr");
        assertEquals(replies.dnsmasq.ipDestination(), replies.ours.ipDestination(), "IP destination");
        for (int option : options) {
            assertEquals(replies.dnsmasq.option(option), replies.ours.option(option), "option " + option);
        }
    }

    @Test
    void offerChoiceAndRenewal() throws IOException {
        serve();
        int[] options = {1, 3, 6, 26, 51, 54};
        assertAlike(ask(Guest.number(1).discover().asksFor(1, 3, 6, 26)), options);
        assertAlike(ask(Guest.number(1).selecting(SERVER, "10.0.0.11").asksFor(1, 3, 6, 26)), options);
        assertAlike(ask(Guest.number(1).renewing(SERVER, "10.0.0.11").asksFor(1, 3, 6, 26)), options);
        assertAlike(ask(Guest.number(1).rebinding("10.0.0.11").asksFor(1, 3, 6, 26)), options);
    }

    @Test
    void addressThatCannotBeIsRefused() throws IOException {
        serve();
        assertAlike(ask(Guest.number(1).initReboot("192.168.1.5")), 53, 54);
    }
}
