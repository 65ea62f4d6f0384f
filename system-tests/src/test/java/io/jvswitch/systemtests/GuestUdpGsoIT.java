package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Trains of UDP datagrams that a guest sends in one call ({@code UDP_SEGMENT}, as QUIC does): through both tunnels and
 * between two guests of one switch, cut by the guest's kernel or by the switch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuestUdpGsoIT {
    private static final int SENDS = 150;
    private static final int PER_SEND = 40;
    private static final int BYTES = 1200;

    private final TwoHosts hosts = TwoHosts.create("uso");

    @BeforeAll
    void layOut() {
        hosts.left().connect(hosts.right().netns(), Underlay.IPV4.leftPrefix(), Underlay.IPV4.rightPrefix());
        hosts.start(Underlay.IPV4, 1);
        hosts.leftGuest("vxlan").awaitPing(hosts.right4());
        hosts.leftGuest("vxlan").awaitPing(hosts.near4());
        hosts.leftGuest("gre").awaitPing(hosts.right4());
    }

    @AfterAll
    void clearAway() {
        hosts.close();
    }

    private long fromGuest(String tunnel) {
        return hosts.left()
                .port("tap-" + tunnel)
                .path("traffic")
                .path("rx_frames")
                .asLong();
    }

    private boolean takesTrains(String tunnel) {
        for (JsonNode offload : hosts.left().port("tap-" + tunnel).path("offloads")) {
            if (offload.asString().equals("uso")) {
                return true;
            }
        }
        return false;
    }

    /** The guest cuts or leaves it to the switch; the receiver takes trains or single datagrams. */
    @ParameterizedTest
    @CsvSource({
        "vxlan,far,on,true",
        "vxlan,far,on,false",
        "vxlan,far,off,true",
        "gre,far,on,true",
        "gre,far,on,false",
        "gre,far,off,true",
        "vxlan,near,on,true",
        "vxlan,near,on,false",
        "vxlan,near,off,true"
    })
    void everyDatagramArrivesOnceAndInOrder(String tunnel, String where, String guest, boolean merged) {
        Guest from = hosts.leftGuest(tunnel);
        boolean isNear = where.equals("near");
        Guest to = isNear ? hosts.near() : hosts.rightGuest(tunnel);
        from.netns().run("ethtool", "-K", from.device(), "tx-udp-segmentation", guest);
        long before = fromGuest(tunnel);
        Datagrams trains = new Datagrams(1, SENDS, PER_SEND, BYTES, merged);
        trains.send(from, to, isNear ? hosts.near4() : hosts.right4());
        trains.send(from, to, isNear ? hosts.near6() : hosts.right6());
        long frames = fromGuest(tunnel) - before;
        if (guest.equals("on") && takesTrains(tunnel)) {
            assertTrue(frames < trains.count() / 4, frames + " frames from the guest: it cut the trains itself");
        } else {
            assertTrue(frames > trains.count(), frames + " frames from the guest: trains came whole");
        }
        for (Hypervisor host : hosts.both()) {
            assertEquals(0, host.drops("offload-invalid"));
            assertEquals(0, host.drops("segmentation-failed"));
        }
    }

    /** Small datagrams, as many as a send may hold, and of a length that no power of two divides. */
    @ParameterizedTest
    @CsvSource({"vxlan", "gre"})
    void smallDatagrams(String tunnel) {
        Guest from = hosts.leftGuest(tunnel);
        from.netns().run("ethtool", "-K", from.device(), "tx-udp-segmentation", "on");
        new Datagrams(1, SENDS, 64, 37, false).send(from, hosts.rightGuest(tunnel), hosts.right4());
        new Datagrams(1, SENDS, 64, 37, true).send(from, hosts.rightGuest(tunnel), hosts.right6());
    }
}
