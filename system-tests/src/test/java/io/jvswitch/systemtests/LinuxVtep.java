package io.jvswitch.systemtests;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;

/**
 * A far end that is the kernel's: a namespace with VXLAN devices, each of which is at the same time a guest on its
 * network.
 */
final class LinuxVtep implements AutoCloseable {
    private final Netns netns;

    private LinuxVtep(Netns netns) {
        this.netns = netns;
    }

    static LinuxVtep create() {
        Peers.requireRoot();
        Peers.require("ping", "python3");
        return new LinuxVtep(Netns.create("vtep"));
    }

    Netns netns() {
        return netns;
    }

    /** MAC address of the guest on a network, fixed so that it can be a {@code hosts} entry. */
    static String mac(int vni) {
        return "02:00:00:00:ff:%02x".formatted(vni);
    }

    /**
     * Makes the VXLAN device {@code vxVNI}, with addresses such as {@code 10.0.0.12/24}; the underlay's {@code u0} is
     * there.
     */
    void addVxlan(int vni, String localIp, String remoteIp, int mtuBytes, String... addresses) {
        String device = "vx" + vni;
        netns.run(
                "ip",
                "link",
                "add",
                device,
                "address",
                mac(vni),
                "mtu",
                Integer.toString(mtuBytes),
                "type",
                "vxlan",
                "id",
                Integer.toString(vni),
                "local",
                localIp,
                "remote",
                remoteIp,
                "dstport",
                "4789");
        Guest.in(netns, device).bringUp(addresses);
    }

    @Override
    public void close() {
        netns.close();
    }
}
