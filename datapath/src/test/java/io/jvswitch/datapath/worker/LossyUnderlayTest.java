package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two switches with an underlay between them that loses one datagram in a hundred, brings one in a hundred late, and
 * damages one in a hundred inside: whatever the receiving guest takes for good is what was sent, and by sending again
 * all of it arrives.
 */
final class LossyUnderlayTest {

    private static final int STREAM_BYTES = 1_000_000;
    private static final int SIZE_BYTES = 1_398;
    private static final int IPV4_AT = 14;
    private static final int TCP_AT = 34;

    private final RandomGenerator random = Seed.random(LossyUnderlayTest.class);
    private final byte[] stream = new byte[STREAM_BYTES];
    private final byte[] received = new byte[STREAM_BYTES];
    private final boolean[] present = new boolean[STREAM_BYTES];
    private int damaged;

    @ParameterizedTest
    @CsvSource({"VXLAN,true", "VXLAN,false", "GRE,true", "GRE,false"})
    void theStreamArrivesAsItWasSent(TunnelKind kind, boolean receiverTakesSuperframes) {
        new SplittableRandom(random.nextLong()).nextBytes(stream);
        try (TestSwitch left = new TestSwitch(1);
                TestSwitch right = new TestSwitch(1)) {
            left.underlay().offloading(kind == TunnelKind.VXLAN ? Offload.TRAINS : Offload.NONE);
            right.port(1).offloading(receiverTakesSuperframes ? Offload.CHECKSUM | Offload.TSO4 : Offload.NONE);
            left.tunnel(kind, 42, true, "192.0.2.2").publish();
            right.tunnel(kind, 42, true, "192.0.2.1").publish();
            for (int hole = 0; hole < STREAM_BYTES; hole = firstHole(hole)) {
                int from = hole;
                for (int i = 0; i < 4 && from < STREAM_BYTES; i++) {
                    int bytes = Math.min(STREAM_BYTES - from, random.nextInt(1, 45 * SIZE_BYTES));
                    left.send(
                            1,
                            Frames.tcpv4()
                                    .sequence(from, 1)
                                    .payload(Arrays.copyOfRange(stream, from, from + bytes))
                                    .gso(Frame.GSO_TCPV4, SIZE_BYTES));
                    from += bytes;
                }
                carry(left.underlay().drain(), right, kind);
                right.port(1).drain().forEach(this::take);
            }
            assertArrayEquals(stream, received);
            assertTrue(damaged > 0, "the guest saw what was damaged as such");
            for (TestSwitch each : List.of(left, right)) {
                assertEquals(0, each.imbalance());
                assertEquals(0, each.leakedFrames());
            }
        }
    }

    private int firstHole(int from) {
        int hole = from;
        while (hole < STREAM_BYTES && present[hole]) {
            hole++;
        }
        return hole;
    }

    /**
     * The underlay: takes trains apart, loses, delays and damages, and brings the rest in trains as the kernel would.
     */
    private void carry(List<MemoryQueue.Sent> sent, TestSwitch to, TunnelKind kind) {
        List<byte[]> datagrams = new ArrayList<>();
        byte[] late = null;
        for (MemoryQueue.Sent each : sent) {
            int sizeBytes = each.gsoSizeBytes() == 0 ? each.bytes().length : each.gsoSizeBytes();
            for (int at = 0; at < each.bytes().length; at += sizeBytes) {
                byte[] datagram = Arrays.copyOfRange(each.bytes(), at, Math.min(each.bytes().length, at + sizeBytes));
                switch (random.nextInt(100)) {
                    case 0 -> {} // lost
                    case 1 -> late = datagram;
                    case 2 -> {
                        datagram[random.nextInt(8 + TCP_AT + TcpHeader.BYTES, datagram.length)] ^= 0x10;
                        datagrams.add(datagram);
                    }
                    default -> {
                        datagrams.add(datagram);
                        if (late != null && random.nextInt(4) == 0) {
                            datagrams.add(late);
                            late = null;
                        }
                    }
                }
            }
        }
        int next = 0;
        while (next < datagrams.size()) {
            int first = next;
            int sizeBytes = datagrams.get(first).length;
            ByteArrayOutputStream train = new ByteArrayOutputStream();
            boolean open = true;
            while (open && next < datagrams.size() && next - first < 40 && datagrams.get(next).length <= sizeBytes) {
                train.writeBytes(datagrams.get(next));
                open = kind == TunnelKind.VXLAN && datagrams.get(next).length == sizeBytes;
                next++;
            }
            if (next - first > 1) {
                to.underlay().offerTrain(train.toByteArray(), sizeBytes, "192.0.2.1");
            } else {
                to.underlay().offer(train.toByteArray(), "192.0.2.1");
            }
        }
        to.run();
    }

    /** The receiving guest: believes a checksum that is right, and a partial one, which its device vouches for. */
    private void take(MemoryQueue.Sent frame) {
        MemorySegment bytes = MemorySegment.ofArray(frame.bytes());
        int transportBytes = frame.bytes().length - TCP_AT;
        boolean vouched = frame.checksumState() == Frame.CSUM_PARTIAL;
        if (!vouched && !Checksum.transportIsValid(bytes, IPV4_AT, IpProtocol.TCP, TCP_AT, transportBytes)) {
            damaged++;
            return;
        }
        int sequence = TcpHeader.sequence(bytes, TCP_AT);
        int payloadAt = TCP_AT + TcpHeader.headerBytes(bytes, TCP_AT);
        System.arraycopy(frame.bytes(), payloadAt, received, sequence, frame.bytes().length - payloadAt);
        Arrays.fill(present, sequence, sequence + frame.bytes().length - payloadAt, true);
    }
}
