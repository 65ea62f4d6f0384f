package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel's routing says. */
final class RoutesIT {

    private Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRemoteOnTheLinkHasTheDevicesMtu(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        underlay.left.run("ip", "link", "set", "wire0", "mtu", "1400");
        Routes routes = Routes.in(underlay.leftNamespace);
        Route route = routes.to(Underlay.right(v6), null);
        int index = NetDevice.named(underlay.leftNamespace, "wire0").read().index();
        assertEquals(new Route(Underlay.left(v6), null, "wire0", index, 1400, 1400, 1400), route);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRoutesOwnMtuGatewayAndSourceCount(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        IpAddress second = IpAddress.parse(v6 ? "2001:db8::11" : "192.0.2.11");
        IpAddress far = IpAddress.parse(v6 ? "2001:db8:f::1" : "198.51.100.1");
        String net = v6 ? "2001:db8:f::/64" : "198.51.100.0/24";
        underlay.left.run("ip", "address", "add", second + (v6 ? "/64" : "/24"), "dev", "wire0");
        underlay.left.run(
                "ip",
                v6 ? "-6" : "-4",
                "route",
                "add",
                net,
                "via",
                Underlay.right(v6).toString(),
                "src",
                Underlay.left(v6).toString(),
                "mtu",
                "1320");
        Routes routes = Routes.in(underlay.leftNamespace);
        Route route = routes.to(far, null);
        assertEquals(Underlay.right(v6), route.gateway());
        assertEquals(Underlay.left(v6), route.source());
        assertEquals(1500, route.deviceMtuBytes());
        assertEquals(1320, route.pathMtuBytes());
        assertEquals(1320, route.routeMtuBytes());
        if (!v6) {
            assertEquals(second, routes.to(far, second).source(), "a source of one's own");
        }
    }

    @Test
    void withoutARouteOrWithAForeignSourceTheErrorSaysSo() throws NativeException {
        Underlay underlay = new Underlay(lab);
        Routes routes = Routes.in(underlay.leftNamespace);
        String noRoute = message(() -> routes.to(IpAddress.parse("198.51.100.1"), null));
        assertTrue(noRoute.startsWith("route to 198.51.100.1: connect failed with ENETUNREACH"), noRoute);
        assertTrue(noRoute.contains("ip route get"), noRoute);
        String foreign = message(() -> routes.to(Underlay.RIGHT_V4, Underlay.RIGHT_V4));
        assertTrue(foreign.contains("from 192.0.2.2") && foreign.contains("EADDRNOTAVAIL"), foreign);
        String mixed = message(() -> routes.to(Underlay.RIGHT_V4, Underlay.LEFT_V6));
        assertTrue(mixed.contains("EAFNOSUPPORT"), mixed);
    }

    private static String message(org.junit.jupiter.api.function.Executable attempt) {
        return String.valueOf(assertThrows(NativeException.class, attempt).getMessage());
    }

    /**
     * RFC 1191: a router whose next link is smaller tells the sender, and the sender's kernel remembers. It would also
     * of a router that never saw a packet, so that neither the route's own MTU nor what a socket sends changes.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatPathMtuDiscoveryLearntIsToldApart(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        Netns far = lab.keep(Netns.create("far"));
        underlay.right.connect("wire1", far, "wire0");
        underlay.right.run("ip", "link", "set", "wire1", "mtu", "1300");
        far.run("ip", "link", "set", "wire0", "mtu", "1300");
        String net = v6 ? "2001:db8:f::" : "198.51.100.";
        String bits = v6 ? "/64" : "/24";
        address(underlay.right, "wire1", net + 1 + bits);
        underlay.right.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        address(far, "wire0", net + 2 + bits);
        String family = v6 ? "-6" : "-4";
        far.run("ip", family, "route", "add", "default", "via", net + 1);
        underlay.left.run(
                "ip",
                family,
                "route",
                "add",
                "default",
                "via",
                Underlay.right(v6).toString(),
                "mtu",
                "1480");

        IpAddress remote = IpAddress.parse(net + 2);
        Routes routes = Routes.in(underlay.leftNamespace);
        assertEquals(1480, routes.to(remote, null).pathMtuBytes());
        UdpSocket sender = lab.keep(UdpSocket.open(underlay.onLeft(Underlay.left(v6), 0)));
        Frame frame = Packets.payload(lab.frame(), 1400, 0);
        frame.setRemote(remote.hi(), remote.lo(), 4789);
        FrameBatch batch = new FrameBatch(1);
        batch.add(frame);
        assertEquals(1, sender.transmit(batch, 0), "nobody knows yet");
        Await.until("the router's word", Lab.PATIENCE, () -> {
            try {
                return routes.to(remote, null).pathMtuBytes() == 1300;
            } catch (NativeException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(1480, routes.to(remote, null).routeMtuBytes());
        assertEquals(1, sender.transmit(batch, 0));
        frame.resize(1501 - (v6 ? 48 : 28));
        assertEquals(0, sender.transmit(batch, 0));
        assertEquals(io.jvswitch.wire.DropReason.TX_TOO_BIG, sender.transmitFailure());
        frame.resize(1500 - (v6 ? 48 : 28));
        assertEquals(1, sender.transmit(batch, 0));
        assertNull(sender.transmitFailure());
    }

    private static void address(Netns host, String device, String address) {
        if (address.contains(":")) {
            host.run("ip", "address", "add", address, "dev", device, "nodad");
        } else {
            host.run("ip", "address", "add", address, "dev", device);
        }
    }
}
