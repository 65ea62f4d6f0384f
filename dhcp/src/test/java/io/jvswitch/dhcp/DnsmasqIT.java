package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.DhcpMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same messages of the same clients to dnsmasq and to the responder: where dnsmasq answers, the responder must, and
 * with what it says.
 *
 * <p>A case is a test that describes the network twice, with {@link #serve}: once for the responder, as a {@link
 * DhcpSubnet}, and once in dnsmasq's options. It then calls {@link #ask} for each message; both servers get it, byte
 * for byte. Compare the two replies by hand where only a part is of interest, or with {@link #assertAlike}. dnsmasq
 * picks addresses of a pool in another order than the responder does: reserve an address, or let the guest ask for one
 * (option 50). A lone {@code serve()} describes ten addresses from 10.0.0.100 on, and 10.0.0.11 for {@code
 * Guest.number(1)}.
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
        return new Replies(dnsmasq().ask(guest), ours().ask(guest));
    }

    /** Asks with a frame that a {@link Guest} cannot be made to send. */
    private Replies ask(byte[] frame, int guest) {
        Frame ours = Guest.frame(frame, guest);
        return new Replies(
                dnsmasq().ask(Guest.frame(frame, guest), Guest.number(guest).mac),
                ours().answer(ours) == DhcpOutcome.REPLY ? Reply.of(ours) : null);
    }

    private Dnsmasq dnsmasq() {
        if (dnsmasq == null) {
            throw new IllegalStateException("call serve first");
        }
        return dnsmasq;
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

    /** What clients are seen to send, and a server that is silent about it leaves without an address. */
    @Test
    void oddOptionsAreNoReasonForSilence() throws IOException {
        serve();
        Map<String, Function<Guest, Guest>> odd = new LinkedHashMap<>();
        odd.put("largest size twice", guest -> guest.option(57, "05dc").option(57, "0240"));
        odd.put("largest size too short", guest -> guest.option(57, "05"));
        odd.put("largest size too long", guest -> guest.option(57, "05dc0000"));
        odd.put("empty identifier", guest -> guest.option(61));
        odd.put("identifier of one byte", guest -> guest.option(61, "07"));
        odd.put(
                "identifier beyond 255 bytes",
                guest -> guest.option(61, new byte[200]).option(61, new byte[56]));
        odd.put("type twice", guest -> guest.option(53, "01"));
        odd.put("another type behind", guest -> guest.option(53, "03"));
        odd.put("address too short", guest -> guest.option(50, "0a0000"));
        odd.put("address too long", guest -> guest.option(50, "0a00000b00"));
        odd.put("address twice", guest -> guest.option(50, "0a00000b").option(50, "0a00000c"));
        odd.put("server too short", guest -> guest.option(54, "0a"));
        odd.put("lease time too short", guest -> guest.option(51, "00"));
        odd.put("lease time twice", guest -> guest.option(51, "00000708").option(51, "00000e10"));
        odd.put("no lease time", guest -> guest.option(51, "00000000"));
        odd.put("empty host name", guest -> guest.option(12));
        odd.put("overload of nothing", guest -> guest.option(52, "04"));
        odd.put("overload too long", guest -> guest.option(52, "0001"));
        odd.put("pad and end asked for", guest -> guest.option(55, "0000ff01"));
        odd.forEach((name, change) -> {
            Replies replies = ask(change.apply(Guest.number(1).discover()));
            assertAlike(replies, 51, 54);
            Replies chosen = ask(change.apply(Guest.number(1).selecting(SERVER, "10.0.0.11")));
            assertAlike(chosen, 51, 54);
        });
        Replies longType = ask(Guest.number(1).option(53, "0101"));
        assertAlike(longType, 51, 54);
    }

    /** dnsmasq gets an answer to a client of another hardware type out by broadcast only. */
    @Test
    void hardwareTypeOfAllIeee802NetworksIsEthernet() throws IOException {
        serve();
        byte[] message = Guest.number(1).broadcastFlag().discover().message();
        message[1] = DhcpMessage.HARDWARE_IEEE_802;
        byte[] bytes = Guest.number(1).builder(message).bytes();
        assertAlike(ask(bytes, 1), 51, 54);
    }

    @ParameterizedTest
    @ValueSource(strings = {"766d31", "766d3100", "766d31000000"})
    void hostNameEndsBeforeItsZeroBytes(String hex) throws IOException {
        serve();
        ask(Guest.number(1).discover().option(12, hex));
        assertAlike(ask(Guest.number(1).selecting(SERVER, "10.0.0.11").option(12, hex)), 51);
        assertEquals("vm1", dnsmasq().leases().getFirst().split(" ", -1)[3]);
        DhcpLease lease = ours().lease("10.0.0.11");
        assertEquals("vm1", lease == null ? null : lease.hostname());
    }

    /** As after a change of the reservation: the client comes from the address that it had before. */
    @Test
    void clientThatHasAnotherAddressThanItsReservationIsSentAway() throws IOException {
        serve();
        assertAlike(ask(Guest.number(1).renewing(SERVER, "10.0.0.105")), 53, 54);
        assertAlike(ask(Guest.number(1).rebinding("10.0.0.105")), 53, 54);
        assertAlike(ask(Guest.number(1).initReboot("10.0.0.105")), 53, 54);
        assertAlike(ask(Guest.number(1).discover().address(OptionCode.REQUESTED_ADDRESS, "10.0.0.105")), 51, 54);
    }

    @Test
    void declinedReservationIsNotOfferedAgainAtOnce() throws IOException {
        serve();
        ask(Guest.number(1).discover());
        assertAlike(ask(Guest.number(1).selecting(SERVER, "10.0.0.11")), 51);
        assertEquals(new Replies(null, null), ask(Guest.number(1).decline(SERVER, "10.0.0.11")));
        Replies again = ask(Guest.number(1).discover());
        for (Reply offer : new Reply[] {again.dnsmasq, again.ours}) {
            assertEquals(MessageType.OFFER, offer == null ? 0 : offer.type());
            assertNotEquals("10.0.0.11", offer == null ? "" : offer.yiaddr());
        }
    }

    @Test
    void addressThatCannotBeIsRefused() throws IOException {
        serve();
        assertAlike(ask(Guest.number(1).initReboot("192.168.1.5")), 53, 54);
    }

    /** More than 576 bytes have room for in the options field: dnsmasq uses {@code file} and {@code sname} as well. */
    @Test
    void optionsThatOverflowTheirField() throws IOException {
        StringBuilder routes = new StringBuilder("--dhcp-option=121");
        for (DhcpSubnet.Route route : ReplyOptionsTest.routes(25)) {
            routes.append(',').append(route.to()).append("/24,").append(route.via());
        }
        String domain = "a".repeat(30) + ".example.com";
        serve(
                subnet(10)
                        .routes(ReplyOptionsTest.routes(25))
                        .domain(domain)
                        .ntp(List.of(ip("10.0.0.123"), ip("10.0.0.124"), ip("10.0.0.125")))
                        .search(List.of("b".repeat(50) + ".example.org"))
                        .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null)
                        .build(),
                "--dhcp-range=10.0.0.100,10.0.0.109,1h",
                "--dhcp-option=3,10.0.0.1",
                "--dhcp-option=6,10.0.0.53",
                "--dhcp-option=15," + domain,
                "--dhcp-option=26,1450",
                "--dhcp-option=42,10.0.0.123,10.0.0.124,10.0.0.125",
                "--dhcp-option=119," + "b".repeat(50) + ".example.org",
                routes + ",0.0.0.0/0,10.0.0.1",
                "--dhcp-host=02:00:00:00:00:01,10.0.0.11");
        for (int[] asked :
                List.of(new int[] {1, 3, 6, 15, 26, 28, 42, 119, 121}, new int[] {121, 119, 42, 28, 26, 15, 6, 3, 1})) {
            Replies replies = ask(Guest.number(1).discover().asksFor(asked));
            assertAlike(replies, 1, 3, 6, 15, 26, 28, 42, 51, 54, 119, 121);
            assertNotNull(replies.ours);
            assertTrue(replies.ours.options().containsKey(52), "it is more than the options field holds");
        }
        assertEquals(0, ours().count(DhcpCounter.OPTIONS_OMITTED));
    }

    /** A boot ROM, then the iPXE that it loaded. */
    @Test
    void whatClientsBootFrom() throws IOException {
        serve(
                subnet(10)
                        .boot(new DhcpBoot(
                                ip("10.0.0.9"),
                                "tftp",
                                "undionly.kpxe",
                                Map.of(7, "ipxe.efi"),
                                "http://10.0.0.9/boot.ipxe"))
                        .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null)
                        .build(),
                "--dhcp-range=10.0.0.100,10.0.0.109,1h",
                "--dhcp-userclass=set:ipxe,iPXE",
                "--dhcp-match=set:efi,option:client-arch,7",
                "--dhcp-boot=tag:ipxe,http://10.0.0.9/boot.ipxe,tftp,10.0.0.9",
                "--dhcp-boot=tag:!ipxe,tag:efi,ipxe.efi,tftp,10.0.0.9",
                "--dhcp-boot=tag:!ipxe,tag:!efi,undionly.kpxe,tftp,10.0.0.9",
                "--dhcp-option=150,10.0.0.9",
                "--dhcp-host=02:00:00:00:00:01,10.0.0.11");
        assertBootsAlike(Guest.number(1).discover().option(93, "0000"));
        assertBootsAlike(Guest.number(1).discover().option(93, "0007"));
        assertBootsAlike(Guest.number(1).discover().option(93, "0000").option(77, "69505845"));
        assertBootsAlike(Guest.number(1).discover().option(93, "0007").option(77, "69505845"));
        assertBootsAlike(Guest.number(1).selecting(SERVER, "10.0.0.11").option(77, "69505845"));
        // Asked for names as options, dnsmasq leaves the fields empty and ends the names with a zero byte.
        for (String userClass : List.of("69505845", "00")) {
            Replies named = ask(Guest.number(1).discover().option(77, userClass).asksFor(1, 66, 67, 150));
            assertAlike(named, 150);
            assertNotNull(named.dnsmasq);
            assertNotNull(named.ours);
            assertEquals(named.dnsmasq.option(66), named.ours.option(66) + "00");
            assertEquals(named.dnsmasq.option(67), named.ours.option(67) + "00");
        }
    }

    private void assertBootsAlike(Guest guest) {
        Replies replies = ask(guest);
        assertAlike(replies);
        assertNotNull(replies.dnsmasq);
        assertNotNull(replies.ours);
        assertEquals(replies.dnsmasq.siaddr(), replies.ours.siaddr());
        assertEquals(replies.dnsmasq.sname(), replies.ours.sname());
        assertEquals(replies.dnsmasq.file(), replies.ours.file());
    }

    /** Options that have no meaning to a server, and one for clients that can do without IPv4. */
    @Test
    void optionsByNumber() throws IOException {
        serve(
                subnet(10)
                        .options(List.of(
                                new DhcpOption(43, "0104c0a80001", false),
                                new DhcpOption(252, "687474703a2f2f77706164", false)))
                        .ipv6OnlyWaitSeconds(1800)
                        .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null)
                        .build(),
                "--dhcp-range=10.0.0.100,10.0.0.109,1h",
                "--dhcp-option=43,01:04:c0:a8:00:01",
                "--dhcp-option=252,http://wpad",
                "--dhcp-option=108,1800i",
                "--dhcp-host=02:00:00:00:00:01,10.0.0.11");
        assertAlike(ask(Guest.number(1).discover().asksFor(1, 43, 252, 108)), 43, 252, 108);
        assertAlike(ask(Guest.number(1).discover().asksFor(1)), 43, 252, 108);
    }
}
