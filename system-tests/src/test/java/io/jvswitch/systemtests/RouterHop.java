package io.jvswitch.systemtests;

import io.jvswitch.testkit.Netns;

/**
 * Two routers between two hosts, each with its own link to one of them: what the link between the routers takes, no
 * host can see from its own device.
 *
 * <pre>
 *  left u0 ---- left [first] middle ---- middle [second] right ---- u0 right
 * </pre>
 */
final class RouterHop implements AutoCloseable {
    private final Netns first;
    private final Netns second;

    private RouterHop(Netns first, Netns second) {
        this.first = first;
        this.second = second;
    }

    /** Cables the hosts and gives each its VTEP's address of the underlay, with a route to the other's. */
    static RouterHop between(Hypervisor left, Hypervisor right, Underlay underlay) {
        RouterHop hop = new RouterHop(Netns.create("hop1"), Netns.create("hop2"));
        left.netns().connect("u0", hop.first, "left");
        hop.first.connect("middle", hop.second, "middle");
        hop.second.connect("right", right.netns(), "u0");
        if (underlay == Underlay.IPV4) {
            hop.lay(left.netns(), right.netns(), underlay, "203.0.113.", "10", "/30", "/32");
        } else {
            hop.lay(left.netns(), right.netns(), underlay, "fd00:b::", "a", "/126", "/128");
        }
        return hop;
    }

    private void lay(Netns left, Netns right, Underlay underlay, String net, String ten, String link, String host) {
        for (Netns router : new Netns[] {first, second}) {
            router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
            router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
        }
        address(left, "u0", net + 1 + link);
        address(first, "left", net + 2 + link);
        address(first, "middle", net + 5 + link);
        address(second, "middle", net + 6 + link);
        address(second, "right", net + 9 + link);
        address(right, "u0", net + ten + link);
        address(left, "u0", underlay.left() + host);
        address(right, "u0", underlay.right() + host);
        left.run("ip", "route", "add", underlay.right() + host, "via", net + 2, "src", underlay.left());
        right.run("ip", "route", "add", underlay.left() + host, "via", net + 9, "src", underlay.right());
        first.run("ip", "route", "add", underlay.left() + host, "via", net + 1);
        first.run("ip", "route", "add", underlay.right() + host, "via", net + 6);
        second.run("ip", "route", "add", underlay.right() + host, "via", net + ten);
        second.run("ip", "route", "add", underlay.left() + host, "via", net + 5);
    }

    private static void address(Netns at, String device, String address) {
        if (address.contains(":")) {
            at.run("ip", "address", "add", address, "dev", device, "nodad");
        } else {
            at.run("ip", "address", "add", address, "dev", device);
        }
    }

    /** The router that the left host's packets come to first. */
    Netns first() {
        return first;
    }

    /** What the link between the routers takes from now on. */
    void setMtu(int bytes) {
        first.run("ip", "link", "set", "middle", "mtu", Integer.toString(bytes));
        second.run("ip", "link", "set", "middle", "mtu", Integer.toString(bytes));
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
