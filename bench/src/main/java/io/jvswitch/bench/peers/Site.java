package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import java.util.List;

/**
 * One peer's place: two guests, one host or two with a cable between them, each a network namespace. Guests have the
 * same addresses at every peer, fixed, with neighbour entries: what is measured is forwarding.
 */
final class Site {
    /** The cable's device at both hosts. */
    static final String UNDERLAY = "u0";

    static final int VNI = 42;

    private final Lab lab;
    private final String name;
    private final Layout layout;

    Site(Lab lab, String name, Layout layout) {
        this.lab = lab;
        this.name = name;
        this.layout = layout;
    }

    Layout layout() {
        return layout;
    }

    String guest(int number) {
        return lab.netns(guestRole(number));
    }

    private String guestRole(int number) {
        return name + "-g" + number;
    }

    /** Where the switch of a guest runs: without a tunnel both are the same. */
    String host(int number) {
        return lab.netns(hostRole(number));
    }

    private String hostRole(int number) {
        return name + "-h" + Math.min(number, layout.hosts());
    }

    /** The guest's own device. */
    static String device(int number) {
        return "eth" + number;
    }

    /** The other end of a guest's veth, at the host. */
    static String leg(int number) {
        return "leg" + number;
    }

    static String address(int number) {
        return "10.0.0." + number;
    }

    static String vtep(int number) {
        return "192.0.2." + number;
    }

    /** Makes the namespaces, and the cable where there are two hosts. */
    void build() {
        for (int host = 1; host <= layout.hosts(); host++) {
            lab.addNamespace(hostRole(host));
        }
        lab.addNamespace(guestRole(1));
        lab.addNamespace(guestRole(2));
        if (layout.isTunnelled()) {
            lab.run(
                    "ip", "-n", host(1), "link", "add", UNDERLAY, "type", "veth", "peer", "name", UNDERLAY, "netns",
                    host(2));
            for (int host = 1; host <= 2; host++) {
                lab.run("ip", "-n", host(host), "link", "set", UNDERLAY, "mtu", "1500", "up");
            }
        }
    }

    /** Gives the cable's ends the hosts' addresses. */
    void addUnderlayAddresses() {
        if (layout.isTunnelled()) {
            for (int host = 1; host <= 2; host++) {
                lab.run("ip", "-n", host(host), "address", "add", vtep(host) + "/24", "dev", UNDERLAY);
            }
        }
    }

    /** Cables both guests to their hosts by veths, which stay when the switch ends. */
    void addVeths() {
        for (int guest = 1; guest <= 2; guest++) {
            lab.run(
                    "ip",
                    "-n",
                    host(guest),
                    "link",
                    "add",
                    leg(guest),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    device(guest),
                    "netns",
                    guest(guest));
            lab.run("ip", "-n", host(guest), "link", "set", leg(guest), "up");
        }
    }

    /** Addresses and sets up both guests' devices, which are there. */
    void configureGuests() {
        for (int guest = 1; guest <= 2; guest++) {
            String netns = guest(guest);
            String device = device(guest);
            lab.run(
                    "ip",
                    "-n",
                    netns,
                    "link",
                    "set",
                    device,
                    "address",
                    mac(guest),
                    "mtu",
                    Integer.toString(layout.guestMtuBytes()),
                    "up");
            lab.run("ip", "-n", netns, "address", "replace", address(guest) + "/24", "dev", device);
            int other = 3 - guest;
            lab.run(
                    "ip",
                    "-n",
                    netns,
                    "neighbour",
                    "replace",
                    address(other),
                    "lladdr",
                    mac(other),
                    "nud",
                    "permanent",
                    "dev",
                    device);
        }
    }

    private static String mac(int guest) {
        return "02:00:00:00:00:0" + guest;
    }

    /** Has the guests finish checksums and cut TCP themselves. */
    void turnGuestOffloadsOff() {
        for (int guest = 1; guest <= 2; guest++) {
            lab.run(Lab.inside(guest(guest), List.of("ethtool", "-K", device(guest), "tx", "off")));
        }
    }

    /** Turns the cable's offloads on, or off as a NIC without any would have them. */
    void setUnderlayOffloads(boolean on) {
        if (layout.isTunnelled()) {
            for (int host = 1; host <= 2; host++) {
                lab.run(Lab.inside(host(host), List.of("ethtool", "-K", UNDERLAY, "tx", on ? "on" : "off")));
            }
        }
    }
}
