package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;

/**
 * A Linux bridge at each host and the kernel's VXLAN device on it, the guests on veths. All of it runs in the kernel.
 */
final class BridgePeer extends Peer {
    private static final String BRIDGE = "br0";
    private static final String TUNNEL = "vx0";

    BridgePeer(Lab lab, Layout layout) {
        super(PeerKind.BRIDGE, lab, layout);
    }

    @Override
    void prepare() {
        site().build();
        site().addUnderlayAddresses();
        site().addVeths();
    }

    @Override
    void start() {
        for (int host = 1; host <= layout().hosts(); host++) {
            String netns = site().host(host);
            lab().run("ip", "-n", netns, "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0");
            lab().run("ip", "-n", netns, "link", "set", BRIDGE, "up");
            if (layout().isTunnelled()) {
                lab().run(
                                "ip",
                                "-n",
                                netns,
                                "link",
                                "add",
                                TUNNEL,
                                "type",
                                "vxlan",
                                "id",
                                Integer.toString(Site.VNI),
                                "local",
                                Site.vtep(host),
                                "remote",
                                Site.vtep(3 - host),
                                "dstport",
                                "4789",
                                "dev",
                                Site.UNDERLAY);
                attach(netns, TUNNEL);
            }
        }
        attach(site().host(1), Site.leg(1));
        attach(site().host(2), Site.leg(2));
    }

    private void attach(String netns, String device) {
        lab().run("ip", "-n", netns, "link", "set", device, "master", BRIDGE, "up");
    }

    @Override
    void stop() {
        for (int host = 1; host <= layout().hosts(); host++) {
            lab().run("ip", "-n", site().host(host), "link", "delete", BRIDGE);
            if (layout().isTunnelled()) {
                lab().run("ip", "-n", site().host(host), "link", "delete", TUNNEL);
            }
        }
    }
}
