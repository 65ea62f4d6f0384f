package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * A hop between two hosts takes less than their devices do, which only ICMP tells: VXLAN and GRE, over IPv4 and IPv6,
 * do the same in each case.
 */
final class PathMtuIT {
    private static final int MEGABYTES = 40;

    private final TwoHosts hosts = TwoHosts.create("path");
    private @Nullable RouterHop laid;

    @AfterEach
    void clearAway() {
        hosts.close();
        if (laid != null) {
            laid.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV6,gre,62", "IPV4,vxlan,50", "IPV4,gre,42", "IPV6,vxlan,70"})
    void aSmallerHopIsLearntAndFollowed(Underlay underlay, String tunnel, int overhead) {
        RouterHop hop = RouterHop.between(hosts.left(), hosts.right(), underlay);
        laid = hop;
        hosts.start(underlay, 1);
        Guest left = hosts.leftGuest(tunnel);
        Guest right = hosts.rightGuest(tunnel);
        left.awaitPing(hosts.right4());
        left.awaitPing(hosts.right6());

        // The path shrinks under TCP.
        CompletableFuture<Void> talk =
                CompletableFuture.runAsync(() -> left.exchangeTcp(right, hosts.right4(), MEGABYTES));
        Await.until("TCP to flow", Hypervisor.LIMIT, () -> sentBytes(left) > 1_000_000);
        hop.setMtu(1400);
        awaitPath(hosts.left(), underlay.right(), 1400);
        awaitPath(hosts.right(), underlay.left(), 1400);
        talk.join();
        assertSizes(left, 1400 - overhead, 1400 - overhead);
        // What a dip changes is the tunnel, not the guests.
        for (Guest guest : new Guest[] {left, right}) {
            assertEquals(1500 - overhead, mtuOf(guest));
        }

        // Guests that do not know of a tunnel at all.
        left.setMtu(1500);
        right.setMtu(1500);
        assertSizes(left, 1400 - overhead, 1400 - overhead);
        left.exchangeTcp(right, hosts.right4(), 4);
        left.exchangeTcp(right, hosts.right6(), 4);

        // Less than IPv6 needs inside.
        hop.setMtu(1300);
        Await.until("the smaller path to be learnt", Hypervisor.LIMIT, () -> {
            left.tryPing(
                    "-c", "1", "-W", "1", "-M", "do", "-s", Integer.toString(1400 - overhead - 28), hosts.right4());
            right.tryPing("-c", "1", "-W", "1", "-M", "do", "-s", Integer.toString(1400 - overhead - 28), "10.0.0.11");
            return path(hosts.left(), underlay.right()) == 1300 && path(hosts.right(), underlay.left()) == 1300;
        });
        assertSizes(left, 1300 - overhead, Math.max(1280, 1300 - overhead));
        left.exchangeTcp(right, hosts.right4(), 4);
        left.exchangeTcp(right, hosts.right6(), 4);
    }

    /**
     * The largest packets pass, what is a byte longer is refused with the right figure, and what may be cut arrives.
     */
    private void assertSizes(Guest from, int mtu4, int mtu6) {
        from.netns().run("ip", "route", "flush", "cache");
        from.netns().run("ip", "-6", "route", "flush", "cache");
        from.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", size(mtu4 - 28), hosts.right4());
        from.netns().run("ping", "-c", "1", "-W", "10", "-M", "do", "-s", size(mtu6 - 48), hosts.right6());
        // What does not fit is refused, and the sender does as it was told at once.
        String refused = from.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", size(mtu4 + 1 - 28), hosts.right4())
                .output();
        assertTrue(refused.contains("mtu = " + mtu4) || refused.contains("mtu=" + mtu4), refused);
        refused = from.tryPing("-c", "1", "-W", "10", "-M", "do", "-s", size(mtu6 + 1 - 48), hosts.right6())
                .output();
        assertTrue(refused.contains("mtu=" + mtu6) || refused.contains("mtu: " + mtu6), refused);
        from.netns().run("ip", "route", "flush", "cache");
        from.netns().run("ip", "-6", "route", "flush", "cache");
        from.netns().run("ping", "-c", "1", "-W", "10", "-M", "dont", "-s", "1422", hosts.right4());
        from.netns().run("ping", "-c", "1", "-W", "10", "-M", "dont", "-s", "4000", hosts.right4());
        // The first is lost at either end, where the guests learn how large their fragments may be.
        from.netns().run("ping", "-c", "5", "-i", "0.1", "-W", "2", "-s", "4000", hosts.right6());
    }

    private static String size(int bytes) {
        return Integer.toString(bytes);
    }

    private long sentBytes(Guest left) {
        return hosts.left().port(left.device()).path("traffic").path("rx_bytes").asLong();
    }

    private static int mtuOf(Guest guest) {
        return Integer.parseInt(guest.netns()
                .run("cat", "/sys/class/net/" + guest.device() + "/mtu")
                .strip());
    }

    private static void awaitPath(Hypervisor host, String vtep, int bytes) {
        Await.until(
                "the path to " + vtep + " to take " + bytes,
                Hypervisor.LIMIT,
                () -> host.get("/v1/show") + "\n" + host.log(),
                () -> path(host, vtep) == bytes);
    }

    private static int path(Hypervisor host, String vtep) {
        for (JsonNode view : host.get("/v1/show").path("vteps")) {
            if (view.path("address").asString().equals(vtep)) {
                return view.path("path_mtu_bytes").asInt();
            }
        }
        throw new AssertionError("no VTEP " + vtep + " in " + host.get("/v1/show"));
    }
}
