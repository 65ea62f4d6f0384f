package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Open vSwitch with its userspace datapath: database, daemon and sockets in the lab's directory, so that one that the
 * machine runs is not touched. Laid out as its documentation has it (userspace tunnelling): {@code br-int} holds the
 * guests and the tunnel, {@code br-phy} the cable and the tunnel's local address.
 */
final class OpenVswitchPeer extends Peer {
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final String UNDERLAY_BRIDGE = "br-phy";

    OpenVswitchPeer(PeerKind kind, Lab lab, Layout layout) {
        super(kind, lab, layout);
    }

    private boolean segmentsItself() {
        return kind() == PeerKind.OVS_TSO;
    }

    @Override
    void prepare() {
        site().build();
        if (layout().isVeth()) {
            site().addVeths();
            if (!segmentsItself()) {
                // It reads the veth without a virtio-net header, so an unfinished checksum or a superframe would be
                // lost.
                site().turnGuestOffloadsOff();
            }
        }
        for (int host = 1; host <= layout().hosts(); host++) {
            try {
                Files.createDirectories(directory(host));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            lab().run("ovsdb-tool", "create", database(host), SCHEMA.toString());
            startDatabase(host);
            vsctl(host, List.of("init"));
            vsctl(host, bridges(host));
        }
        super.stop();
    }

    /** The configuration, in one transaction. */
    private List<String> bridges(int host) {
        List<String> words = new ArrayList<>();
        if (segmentsItself()) {
            words.addAll(List.of("set", "Open_vSwitch", ".", "other_config:userspace-tso-enable=true", "--"));
        }
        words.addAll(List.of("add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=netdev"));
        for (int guest = 1; guest <= 2; guest++) {
            if (layout().isTunnelled() && guest != host) {
                continue;
            }
            String device = layout().isVeth() ? Site.leg(guest) : Site.device(guest);
            words.addAll(List.of("--", "add-port", "br-int", device));
            if (!layout().isVeth()) {
                words.addAll(List.of("--", "set", "interface", device, "type=tap"));
            }
        }
        if (layout().isTunnelled()) {
            words.addAll(List.of("--", "add-br", UNDERLAY_BRIDGE));
            words.addAll(List.of("--", "set", "bridge", UNDERLAY_BRIDGE, "datapath_type=netdev"));
            words.addAll(List.of("--", "add-port", UNDERLAY_BRIDGE, Site.UNDERLAY));
            words.addAll(List.of("--", "add-port", "br-int", "vx0", "--", "set", "interface", "vx0", "type=vxlan"));
            words.addAll(List.of("options:remote_ip=" + Site.vtep(3 - host), "options:key=" + Site.VNI));
        }
        return words;
    }

    @Override
    void start() {
        for (int host = 1; host <= layout().hosts(); host++) {
            startDatabase(host);
            startDaemon(host, "ovs-vswitchd", "unix:" + socket(host));
        }
        for (int host = 1; layout().isTunnelled() && host <= 2; host++) {
            String netns = site().host(host);
            awaitDevice(netns, UNDERLAY_BRIDGE);
            lab().run("ip", "-n", netns, "address", "add", Site.vtep(host) + "/24", "dev", UNDERLAY_BRIDGE);
            lab().run("ip", "-n", netns, "link", "set", UNDERLAY_BRIDGE, "up");
        }
        for (int guest = 1; !layout().isVeth() && guest <= 2; guest++) {
            awaitDevice(site().host(guest), Site.device(guest));
            lab().run("ip", "-n", site().host(guest), "link", "set", Site.device(guest), "netns", site().guest(guest));
        }
    }

    /**
     * It leaves its devices behind, addresses and all; the next start is to be one from nothing, as everybody else's.
     */
    @Override
    void stop() {
        super.stop();
        for (int host = 1; host <= layout().hosts(); host++) {
            for (String device : List.of("br-int", UNDERLAY_BRIDGE, "ovs-netdev")) {
                lab().succeeds("ip", "-n", site().host(host), "link", "del", device);
            }
        }
        for (int guest = 1; !layout().isVeth() && guest <= 2; guest++) {
            lab().succeeds("ip", "-n", site().guest(guest), "link", "del", Site.device(guest));
        }
    }

    private void startDatabase(int host) {
        startDaemon(host, "ovsdb-server", database(host), "--remote=punix:" + socket(host));
        // A daemon that finds no socket tries again a second later: that is not its starting time.
        await("the socket of ovsdb-server", () -> Files.exists(socket(host)));
    }

    private void startDaemon(int host, String program, String... words) {
        List<String> command = new ArrayList<>(List.of("env", "OVS_RUNDIR=" + directory(host), program));
        command.addAll(List.of(words));
        command.add("--unixctl=" + directory(host).resolve(program + ".ctl"));
        command.add("-vconsole:warn");
        launch(site().host(host), command, "h" + host + "-" + program);
    }

    private void vsctl(int host, List<String> words) {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + socket(host), "--no-wait"));
        command.addAll(words);
        lab().run(command);
    }

    private Path directory(int host) {
        return lab().directory().resolve(kind().label() + "-h" + host);
    }

    private String database(int host) {
        return directory(host).resolve("conf.db").toString();
    }

    private Path socket(int host) {
        return directory(host).resolve("db.sock");
    }
}
