package io.jvswitch.systemtests;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An Open vSwitch with its userspace datapath: its own database, daemon and sockets in a directory of its own, in a
 * namespace that the test names, so that one that the machine runs is not touched.
 *
 * <p>As a far end it has two bridges, as its documentation lays them out: {@code br-phy} holds the cable and the
 * tunnel's local address, {@code br-int} the tunnels and the guests, which are internal ports.
 */
final class OpenVswitch implements AutoCloseable {
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");

    private final Netns netns;
    private final Path directory;
    private final List<RunningProgram> daemons = new ArrayList<>();

    private OpenVswitch(Netns netns, Path directory) {
        this.netns = netns;
        this.directory = directory;
    }

    /** Starts it in a namespace, which stays the caller's. */
    static OpenVswitch start(Netns netns) {
        Peers.require("ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl", "ovs-appctl");
        try {
            OpenVswitch ovs = new OpenVswitch(netns, Files.createTempDirectory("jvs-ovs-"));
            ovs.startDaemons();
            return ovs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startDaemons() {
        String database = directory.resolve("conf.db").toString();
        Programs.run("ovsdb-tool", "create", database, SCHEMA.toString());
        startDaemon("ovsdb-server", database, "--remote=punix:" + socket());
        vsctl("--retry", "--no-wait", "init");
        startDaemon("ovs-vswitchd", "unix:" + socket());
    }

    private void startDaemon(String program, String... words) {
        List<String> command = new ArrayList<>(List.of("env", "OVS_RUNDIR=" + directory, program));
        command.addAll(List.of(words));
        command.add("--unixctl=" + directory.resolve(program + ".ctl"));
        command.add("--log-file=" + directory.resolve(program + ".log"));
        command.add("-vconsole:warn");
        daemons.add(netns.start(command.toArray(String[]::new)));
    }

    /** Adds {@code br-phy} with the cable {@code u0}, which is there, and an address for the tunnels. */
    void addUnderlay(String address) {
        vsctl(
                "add-br",
                "br-phy",
                "--",
                "set",
                "bridge",
                "br-phy",
                "datapath_type=netdev",
                "--",
                "add-port",
                "br-phy",
                "u0");
        netns.run("ip", "address", "add", address, "dev", "br-phy");
        netns.run("ip", "link", "set", "br-phy", "up");
    }

    /** Adds {@code br-int}. */
    void addIntegrationBridge() {
        vsctl("add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=netdev");
    }

    /** Adds an existing device to {@code br-int}. */
    void addDevice(String device) {
        vsctl("add-port", "br-int", device);
    }

    /**
     * Adds a guest to {@code br-int}, in this namespace.
     *
     * @param vlan the VLAN whose tag its frames get on the way to tunnels and devices, or 0 for none
     */
    Guest addGuest(String device, int vlan, int mtuBytes, String... addresses) {
        List<String> words = new ArrayList<>(List.of("add-port", "br-int", device));
        if (vlan > 0) {
            words.add("tag=" + vlan);
        }
        words.addAll(List.of("--", "set", "interface", device, "type=internal", "mtu_request=" + mtuBytes));
        vsctl(words.toArray(String[]::new));
        Guest guest = Guest.in(netns, device);
        guest.bringUp(addresses);
        return guest;
    }

    /** Adds a tunnel to {@code br-int}: {@code vxlan} or {@code gre} with options such as {@code options:key=42}. */
    void addTunnel(String name, String type, String... options) {
        List<String> words =
                new ArrayList<>(List.of("add-port", "br-int", name, "--", "set", "interface", name, "type=" + type));
        words.addAll(List.of(options));
        vsctl(words.toArray(String[]::new));
    }

    void removeTunnel(String name) {
        vsctl("del-port", "br-int", name);
    }

    private void vsctl(String... words) {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + socket(), "--timeout=60"));
        command.addAll(List.of(words));
        Programs.run(command.toArray(String[]::new));
    }

    private Path socket() {
        return directory.resolve("db.sock");
    }

    @Override
    public void close() {
        daemons.reversed().forEach(RunningProgram::close);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
