package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Superframes inside tunnels of the guests' own, as a packet socket on a container's veth gives them. */
final class GuestTunnelTest {

    private static final int ALL = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN;
    private static final int SEGMENT = 1_000;

    private final TestSwitch blue = new TestSwitch(2);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over - merged");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private static FrameBuilder headers(int index) {
        return Frames.ipv4()
                .identification(500 + index)
                .udp(50_000, 4_789)
                .vxlan(7)
                .ethernet("02:00:00:00:77:01", "02:00:00:00:77:02")
                .ipv4("172.16.0.1", "172.16.0.2")
                .identification(9 + index)
                .tcp(40_000, 80)
                .sequence(1 + index * SEGMENT, 2);
    }

    @Test
    void aSuperframeInATunnelOfTheGuestsIsCut() {
        blue.port(2).offloading(ALL); // without USO, which would put the datagrams together again
        blue.send(1, headers(0).payload(42 * SEGMENT).gso(Frame.GSO_TCPV4, SEGMENT));
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(42, sent.size());
        byte[] payload = new byte[42 * SEGMENT];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        for (int i = 0; i < sent.size(); i++) {
            byte[] part = java.util.Arrays.copyOfRange(payload, i * SEGMENT, (i + 1) * SEGMENT);
            assertArrayEquals(headers(i).payload(part).bytes(), sent.get(i).bytes(), "segment " + i);
            assertEquals(Frame.GSO_NONE, sent.get(i).gsoType());
        }
        assertEquals(41, blue.count(1, PortCounters.Kind.CREATED));
        assertEquals(0, blue.dropped(1, DropReason.OFFLOAD_INVALID));
    }

    @Test
    void aLyingOneIsCounted() {
        blue.send(1, headers(0).payload(9_000).gso(Frame.GSO_TCPV6, SEGMENT));
        assertEquals(1, blue.dropped(1, DropReason.OFFLOAD_INVALID));
        assertEquals(0, blue.port(2).drain().size());
    }
}
