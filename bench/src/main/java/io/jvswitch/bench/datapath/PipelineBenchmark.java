package io.jvswitch.bench.datapath;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.datapath.worker.Worker;
import io.jvswitch.datapath.worker.WorkerSettings;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a frame costs in a worker from receive to transmit, all stages, without the kernel: a burst of 64 arrives, is
 * extracted, looked up, acted on and gathered for transmission. The frame is copied in once, as a device would.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class PipelineBenchmark {

    /** The ways through the switch. */
    public enum Path {
        /** A UDP frame of 60 bytes from a guest to a guest. */
        LOCAL,
        /** The same from a guest into VXLAN. */
        TO_VXLAN,
        /** The same out of VXLAN to a guest. */
        FROM_VXLAN,
        /** A TCP segment of 1,450 bytes into VXLAN: what bulk traffic without offloads is made of. */
        TCP_TO_VXLAN,
        /** A TCP superframe of 62,000 bytes into VXLAN, as trains for UDP GSO; the figure is a superframe's. */
        SUPERFRAME_TO_VXLAN,
        /** A train of 44 TCP segments out of VXLAN to a guest, as one superframe; the figure is a train's. */
        TRAIN_FROM_VXLAN,
        /** An ARP request that the switch answers. */
        ARP_ANSWER,
        /** A UDP frame of 60 bytes from a guest into GRE. */
        TO_GRE,
        /** The same out of GRE to a guest. */
        FROM_GRE,
        /** A UDP frame over IPv6 from a guest into VXLAN. */
        IPV6_TO_VXLAN,
        /** A frame to an unknown station: to two guests and one VTEP. */
        FLOOD,
        /** A TCP SYN into VXLAN, whose maximum segment size is lowered. */
        SYN_TO_VXLAN,
        /** A neighbour solicitation that the switch answers. */
        ND_ANSWER,
        /** An IPv4 packet with DF that is too large: answered by ICMP as far as the rate limit allows. */
        TOO_BIG_ANSWER,
        /** An IPv4 packet without DF that is too large: cut into two fragments. */
        FRAGMENTS_TO_VXLAN
    }

    private static final String VTEP = "192.0.2.2";
    private static final int SEGMENT_BYTES = 1_410;
    private static final int TRAIN_SEGMENTS = 44;
    private static final int SYN = 2;
    private static final int TAP_OFFLOADS = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN | Offload.USO;

    @Param
    Path path = Path.LOCAL;

    /** Different flows (UDP or TCP source ports) in turn. */
    @Param({"64"})
    int flows = 64;

    private Worker worker = newWorker();
    private long nowNs = 1;

    private static Worker newWorker() {
        return new Worker(0, WorkerSettings.standard(), new ConductorInbox(64));
    }

    /** Wires two local ports and a tunnel, and lets frames of the chosen kind arrive for ever. */
    @Setup(Level.Trial)
    public void wire() {
        IpAddress remote = IpAddress.parse(VTEP);
        boolean fromTunnel = isFromTunnel();
        byte[][] frames = new byte[flows][];
        for (int i = 0; i < flows; i++) {
            frames[i] = frame(1_024 + i);
        }
        int burst = FrameBatch.BURST_FRAMES;
        Consumer<Frame> describe = this::describe;
        LoopPort one = new LoopPort(fromTunnel ? 0 : burst, null, TAP_OFFLOADS, describe, frames);
        LoopPort two = new LoopPort(0, null, TAP_OFFLOADS, describe, frames);
        LoopPort three = new LoopPort(0, null, TAP_OFFLOADS, describe, frames);
        LoopPort underlay = new LoopPort(fromTunnel ? burst : 0, remote, Offload.TRAINS, describe, frames);
        worker.proxy().addPort(1, one);
        worker.proxy().addPort(2, two);
        worker.proxy().addPort(3, three);
        worker.proxy().setTunnel(kind(), underlay, List.of(underlay), null);
        worker.proxy().publish(snapshot(remote));
        worker.doWork(++nowNs); // takes the commands above, and translates the first burst
    }

    private boolean isFromTunnel() {
        return path == Path.FROM_VXLAN || path == Path.TRAIN_FROM_VXLAN || path == Path.FROM_GRE;
    }

    private TunnelKind kind() {
        return path == Path.TO_GRE || path == Path.FROM_GRE ? TunnelKind.GRE : TunnelKind.VXLAN;
    }

    private void describe(Frame frame) {
        if (path == Path.SUPERFRAME_TO_VXLAN) {
            int l4At = frame.start() + EthernetHeader.BYTES + Ipv4Header.BYTES;
            frame.setChecksum(Frame.CSUM_PARTIAL, l4At, TcpHeader.CHECKSUM_OFFSET);
            frame.setGso(Frame.GSO_TCPV4, SEGMENT_BYTES, l4At + TcpHeader.BYTES - frame.start());
        } else if (path == Path.TRAIN_FROM_VXLAN) {
            frame.setGso(Frame.GSO_UDP_L4, frame.length() / TRAIN_SEGMENTS, 0);
        }
    }

    private Snapshot snapshot(IpAddress remote) {
        StationTable stations = StationTable.of();
        boolean local = path == Path.LOCAL || isFromTunnel();
        stations = stations.with(MacAddress.parse(Frames.MAC_A).bits(), isFromTunnel() ? Locations.FIRST_TUNNEL : 1);
        if (path != Path.FLOOD) {
            stations = stations.with(MacAddress.parse(Frames.MAC_B).bits(), local ? 2 : Locations.FIRST_TUNNEL);
        }
        NeighbourTable neighbours = NeighbourTable.of()
                .with(IpAddress.parse(Frames.IP4_B), MacAddress.parse(Frames.MAC_B))
                .with(IpAddress.parse(Frames.IP6_B), MacAddress.parse(Frames.MAC_B));
        Network blue = new Network(
                0,
                "blue",
                kind(),
                42,
                true,
                List.of(1, 2, 3),
                List.of(Locations.FIRST_TUNNEL),
                Set.of(Locations.FIRST_TUNNEL),
                false,
                true,
                stations,
                neighbours,
                Set.of(),
                false,
                OuterTos.DEFAULT,
                1_450,
                new Fdb(1_024),
                StationTable.of(),
                NetworkOptions.SERVED);
        List<NetworkPort> ports = List.of(
                new NetworkPort(1, "one", 0, 1_450, true),
                new NetworkPort(2, "two", 0, 1_450, true),
                new NetworkPort(3, "three", 0, 1_450, true));
        NormalBridge bridge = new NormalBridge(0, "bench", ports, List.of(blue));
        return bridge.snapshot(
                1,
                List.of(
                        bridge.underlay(TunnelTraffic.of(1)),
                        bridge.vtep(Locations.FIRST_TUNNEL, remote, 4_789, 1_500, TunnelTraffic.of(1))));
    }

    private byte[] frame(int port) {
        if (path == Path.TRAIN_FROM_VXLAN) {
            return train(port);
        }
        byte[] inner = switch (path) {
            case LOCAL, TO_VXLAN, FROM_VXLAN, TO_GRE, FROM_GRE, FLOOD ->
                Frames.ipv4().udp(port, 53).payload(18).bytes();
            case TCP_TO_VXLAN ->
                Frames.ipv4().tcp(port, 80).payload(SEGMENT_BYTES).bytes();
            case SUPERFRAME_TO_VXLAN ->
                Frames.ipv4()
                        .tcp(port, 80)
                        .payload(TRAIN_SEGMENTS * SEGMENT_BYTES)
                        .partialChecksum()
                        .bytes();
            case TRAIN_FROM_VXLAN -> throw new IllegalStateException("a train is more than a frame");
            case IPV6_TO_VXLAN -> Frames.ipv6().udp(port, 53).payload(18).bytes();
            case SYN_TO_VXLAN ->
                Frames.ipv4().tcp(port, 80).flags(SYN).mss(1_460).bytes();
            case ND_ANSWER ->
                Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:0b")
                        .ipv6(Frames.IP6_A, "ff02::1:ff00:b")
                        .neighbourSolicitation(Frames.IP6_B, Frames.MAC_A)
                        .bytes();
            case TOO_BIG_ANSWER ->
                Frames.ipv4().dontFragment().udp(port, 53).payload(1_472).bytes();
            case FRAGMENTS_TO_VXLAN ->
                Frames.ipv4().udp(port, 53).payload(1_472).bytes();
            case ARP_ANSWER ->
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes();
        };
        return switch (path) {
            case FROM_VXLAN -> tunnelled("0800000000002a00", inner);
            case FROM_GRE -> tunnelled("200065580000002a", inner);
            default -> inner;
        };
    }

    private static byte[] tunnelled(String header, byte[] inner) {
        return Hex.bytes(header + Hex.text(inner).replaceAll("\\s", ""));
    }

    private static byte[] train(int port) {
        ByteArrayOutputStream train = new ByteArrayOutputStream();
        for (int i = 0; i < TRAIN_SEGMENTS; i++) {
            train.writeBytes(Hex.bytes("0800000000002a00"));
            train.writeBytes(Frames.ipv4()
                    .identification(i)
                    .tcp(port, 80)
                    .sequence(i * SEGMENT_BYTES, 1)
                    .payload(SEGMENT_BYTES)
                    .bytes());
        }
        return train.toByteArray();
    }

    /** One burst through the worker; the figures are a frame's. */
    @Benchmark
    @OperationsPerInvocation(FrameBatch.BURST_FRAMES)
    public int burst() {
        nowNs += path == Path.TOO_BIG_ANSWER ? 1_000_000 : 1; // so that the rate limit lets some through
        int work = worker.doWork(nowNs);
        if (work != FrameBatch.BURST_FRAMES) {
            throw new IllegalStateException(
                    path.name().toLowerCase(Locale.ROOT) + ": " + work + " frames in a cycle, expected a burst");
        }
        return work;
    }

    /** Frees the frames. */
    @TearDown(Level.Trial)
    public void close() {
        worker.close();
        worker = newWorker();
    }
}
