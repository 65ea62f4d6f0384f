package io.jvswitch.systemtests;

import io.jvswitch.testkit.Peers;
import java.util.List;

/**
 * Two hosts with a jvswitch each, a VXLAN and a GRE network between them, and on each host a guest of either network.
 * On the left a second guest is {@link #near} the VXLAN network's first. The cable is the test's business, as between
 * {@link #left} and {@link #right} there may be something that is worth testing.
 */
final class TwoHosts implements AutoCloseable {
    private static final String LEFT4 = "10.0.0.11";
    private static final String RIGHT4 = "10.0.0.12";
    private static final String NEAR4 = "10.0.0.13";
    private static final String LEFT6 = "fd00:10::11";
    private static final String RIGHT6 = "fd00:10::12";
    private static final String NEAR6 = "fd00:10::13";

    private final Hypervisor left;
    private final Hypervisor right;
    private final Guest leftVxlan;
    private final Guest leftGre;
    private final Guest rightVxlan;
    private final Guest rightGre;
    private final Guest near;

    private TwoHosts(String role) {
        left = Hypervisor.create(role + "-l");
        right = Hypervisor.create(role + "-r");
        leftVxlan = Guest.create(role + "-lx", "tap-vxlan");
        leftGre = Guest.create(role + "-lg", "tap-gre");
        near = Guest.create(role + "-n", "tap-near");
        rightVxlan = Guest.create(role + "-rx", "tap-vxlan");
        rightGre = Guest.create(role + "-rg", "tap-gre");
    }

    /** Makes the namespaces; nothing runs and nothing is cabled yet. */
    static TwoHosts create(String role) {
        Peers.requireRoot();
        Peers.require("ethtool", "ping", "python3");
        return new TwoHosts(role);
    }

    Hypervisor left() {
        return left;
    }

    Hypervisor right() {
        return right;
    }

    List<Hypervisor> both() {
        return List.of(left, right);
    }

    /** The left guest of the network {@code vxlan} or {@code gre}. */
    Guest leftGuest(String tunnel) {
        return tunnel.equals("gre") ? leftGre : leftVxlan;
    }

    Guest rightGuest(String tunnel) {
        return tunnel.equals("gre") ? rightGre : rightVxlan;
    }

    /** Right guests' addresses, the same on both networks. */
    String right4() {
        return RIGHT4;
    }

    String right6() {
        return RIGHT6;
    }

    Guest near() {
        return near;
    }

    String near4() {
        return NEAR4;
    }

    String near6() {
        return NEAR6;
    }

    /** Starts both daemons, once their {@code u0} have the underlay's addresses, and brings all guests up. */
    void start(Underlay underlay, int workers) {
        String nearPort = "  tap-near: {kind: tap, network: vxlan-42, netns: %s, queues: %d}"
                .formatted(near.netns().name(), workers);
        start(left, underlay.left(), underlay.right(), workers, leftVxlan, leftGre, nearPort);
        start(right, underlay.right(), underlay.left(), workers, rightVxlan, rightGre, "");
        for (String tunnel : List.of("vxlan", "gre")) {
            leftGuest(tunnel).bringUp(LEFT4 + "/24", LEFT6 + "/64");
            rightGuest(tunnel).bringUp(RIGHT4 + "/24", RIGHT6 + "/64");
        }
        near.bringUp(NEAR4 + "/24", NEAR6 + "/64");
    }

    private static void start(
            Hypervisor host, String local, String remote, int workers, Guest vxlan, Guest gre, String furtherPort) {
        host.configure(
                "workers: " + workers,
                """
                underlay:
                  local-ip: "%s"
                  sockets: 32
                networks:
                  vxlan-42: {tunnel: vxlan, vni: 42, remotes: ["%s"]}
                  gre-77: {tunnel: gre, vni: 77, remotes: ["%s"]}
                ports:
                  tap-vxlan: {kind: tap, network: vxlan-42, netns: %s, queues: %d}
                  tap-gre: {kind: tap, network: gre-77, netns: %s, queues: %d}
                """.formatted(
                                        local,
                                        remote,
                                        remote,
                                        vxlan.netns().name(),
                                        workers,
                                        gre.netns().name(),
                                        workers)
                        + furtherPort
                        + "\n");
        host.start();
    }

    @Override
    public void close() {
        leftVxlan.close();
        leftGre.close();
        near.close();
        rightVxlan.close();
        rightGre.close();
        left.close();
        right.close();
    }
}
