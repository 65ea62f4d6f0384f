package io.jvswitch.bench.responders;

import io.jvswitch.arp.ArpResponder;
import io.jvswitch.arp.NeighbourResponder;
import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.arp.ResponderDecision;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * ARP and neighbour discovery: deciding (what a megaflow's translation costs) and answering (what each request costs).
 * The request is copied into the frame each time, as a device would.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NeighbourBenchmark {

    private static final byte[] ARP =
            Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes();
    private static final byte[] SOLICITATION = Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:0b")
            .ipv6(Frames.IP6_A, "ff02::1:ff00:b")
            .ttl(NeighbourDiscovery.HOP_LIMIT)
            .neighbourSolicitation(Frames.IP6_B, Frames.MAC_A)
            .bytes();

    /** Entries of the table. */
    @Param({"10000"})
    int entries = 10_000;

    private final Frame frame = Hex.frame(new byte[128], 0);
    private NeighbourTable table = NeighbourTable.of();

    /** Fills the table. */
    @Setup(Level.Trial)
    public void fill() {
        NeighbourTable.Builder builder = NeighbourTable.builder();
        for (int i = 0; i < entries; i++) {
            builder.add(IpAddress.ofIpv4(0x0a00_0000 + i), new MacAddress(0x0200_0000_0000L + i));
            builder.add(new IpAddress(0x2001_0db8_0000_0000L, i), new MacAddress(0x0200_0000_0000L + i));
        }
        table = builder.build();
    }

    /** Decides and answers an ARP request. */
    @Benchmark
    public int arp() {
        Hex.fill(frame, ARP);
        MemorySegment seg = frame.segment();
        int at = frame.start() + EthernetHeader.BYTES;
        frame.setLayers(at, 0);
        int target = ArpPacket.targetIp(seg, at);
        ResponderDecision decision = ArpResponder.decide(
                ArpPacket.operation(seg, at),
                ArpPacket.senderMac(seg, at),
                ArpPacket.senderIp(seg, at),
                target,
                EthernetHeader.destination(seg, frame.start()),
                table);
        if (decision != ResponderDecision.ANSWER) {
            throw new IllegalStateException("the ARP request was not answered: " + decision);
        }
        ArpResponder.answer(frame, table.macOfIpv4(target));
        return frame.length();
    }

    /** Decides and answers a neighbour solicitation. */
    @Benchmark
    public int solicitation() {
        Hex.fill(frame, SOLICITATION);
        MemorySegment seg = frame.segment();
        int ipAt = frame.start() + EthernetHeader.BYTES;
        int at = ipAt + Ipv6Header.BYTES;
        frame.setLayers(ipAt, at);
        long hi = NeighbourDiscovery.targetHi(seg, at);
        long lo = NeighbourDiscovery.targetLo(seg, at);
        ResponderDecision decision = NeighbourResponder.decide(
                EthernetHeader.source(seg, frame.start()),
                hi,
                lo,
                EthernetHeader.destination(seg, frame.start()),
                table);
        if (decision != ResponderDecision.ANSWER
                || NeighbourResponder.answer(frame, table.macOf(hi, lo), table.isRouter(hi, lo)) != null) {
            throw new IllegalStateException("the solicitation was not answered: " + decision);
        }
        return frame.length();
    }
}
