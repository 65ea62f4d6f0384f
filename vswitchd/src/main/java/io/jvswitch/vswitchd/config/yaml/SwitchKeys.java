package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.datapath.worker.NettyReactor;
import io.jvswitch.vswitchd.plan.TuningSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys of {@code switch}. */
final class SwitchKeys {

    private static final TuningSpec DEFAULT = TuningSpec.DEFAULT;

    private static final Key<String> NAME =
            Key.required("name", Values.NETWORK_NAME, "Name of the switch, shown everywhere.");
    private static final Key<Integer> WORKERS = Key.defaulted(
            "workers",
            Values.number(1, 64),
            1,
            "1",
            "Data-path threads. Each serves its own queue of every port; a guest's flows spread as far as its port "
                    + "has `queues`. What "
                    + "comes through GRE tunnels is received by the first one alone.");
    private static final Key<Path> CONTROL_SOCKET = Key.optional(
            "control-socket",
            Values.SOCKET_PATH,
            "`/run/jvswitch/NAME.sock`",
            "Unix socket that the daemon serves, mode 0600. Missing directories are created.");
    private static final Key<Path> STATE_DIR = Key.optional(
            "state-dir",
            Values.ABSOLUTE_PATH,
            "`/var/lib/jvswitch/NAME`",
            "Directory for what survives a restart: DHCP leases, a file `leases-NETWORK` for each network, with its"
                    + " lock `lock-leases-NETWORK`. It stays when the network is removed, in case that it comes "
                    + "back. To edit"
                    + " it, stop the daemon and end each line that you write or change with `crc=edited`.");
    private static final Key<Integer> POOL_FRAMES = Key.defaulted(
            "pool-frames",
            Values.number(256, 65_536),
            DEFAULT.poolFrames(),
            Integer.toString(DEFAULT.poolFrames()),
            "Frame buffers of each worker, about 65 KiB of address space each; memory is used only as far as frames "
                    + "reach.");
    private static final Key<Integer> MAX_FLOWS = Key.defaulted(
            "max-flows",
            Values.number(1_024, 4_194_304),
            DEFAULT.maxFlows(),
            Integer.toString(DEFAULT.maxFlows()),
            "Megaflows that each worker keeps at most; the longest idle make room. Each takes up to 384 bytes of "
                    + "heap: the daemon starts with"
                    + " a heap that all workers' megaflows fit into, and refuses a configuration that does not fit "
                    + "into `JVSWITCH_HEAP`.");
    private static final Key<Duration> FLOW_IDLE = Key.defaulted(
            "flow-idle",
            Values.duration(Duration.ofMillis(100), Duration.ofDays(1)),
            DEFAULT.flowIdle(),
            Values.text(DEFAULT.flowIdle()),
            "A megaflow without traffic for this long is removed.");
    private static final Key<Duration> MAC_AGE = Key.defaulted(
            "mac-age",
            Values.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            DEFAULT.macAge(),
            Values.text(DEFAULT.macAge()),
            "A learned MAC address that is silent for this long is forgotten.");
    private static final Key<Integer> MAC_TABLE_SIZE = Key.defaulted(
            "mac-table-size",
            Values.number(16, 1_048_576),
            DEFAULT.macTableSize(),
            Integer.toString(DEFAULT.macTableSize()),
            "MAC addresses that each network learns at most, of up to 96 bytes of heap each; evictions are counted.");
    private static final Key<Duration> SPIN = Key.defaulted(
            "spin",
            Values.duration(Duration.ZERO, Duration.ofSeconds(1)),
            DEFAULT.spin(),
            Values.text(DEFAULT.spin()),
            "How long a worker without traffic polls before it blocks. Longer spares wake-ups where the worker has "
                    + "a core of its own; elsewhere it takes the core from the guests.");

    private static final Key<NettyReactor.Kind> REACTOR = Key.defaulted(
            "reactor",
            Values.choice(NettyReactor.Kind.class),
            DEFAULT.reactor(),
            "epoll",
            "What a worker without traffic blocks in. Both are as fast; with io_uring each wait allocates a few "
                    + "bytes.");

    static final KeyTable TABLE = new KeyTable(
            "switch",
            "The switch itself. A reload cannot change these keys: restart the daemon.",
            List.of(
                    NAME,
                    WORKERS,
                    CONTROL_SOCKET,
                    STATE_DIR,
                    POOL_FRAMES,
                    MAX_FLOWS,
                    FLOW_IDLE,
                    MAC_AGE,
                    MAC_TABLE_SIZE,
                    SPIN,
                    REACTOR));

    private SwitchKeys() {}

    static String name(Section section) {
        return section.require(NAME, "switch");
    }

    static int workers(Section section) {
        return section.get(WORKERS);
    }

    static Path controlSocket(Section section, String name) {
        Path path = section.find(CONTROL_SOCKET);
        return path == null ? Path.of("/run/jvswitch", name + ".sock") : path;
    }

    static Path stateDir(Section section, String name) {
        Path path = section.find(STATE_DIR);
        return path == null ? Path.of("/var/lib/jvswitch", name) : path;
    }

    static TuningSpec tuning(Section section) {
        return new TuningSpec(
                section.get(POOL_FRAMES),
                section.get(MAX_FLOWS),
                section.get(FLOW_IDLE),
                section.get(MAC_AGE),
                section.get(MAC_TABLE_SIZE),
                section.get(SPIN),
                section.get(REACTOR));
    }
}
