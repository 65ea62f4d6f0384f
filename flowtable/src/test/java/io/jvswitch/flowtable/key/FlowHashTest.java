package io.jvswitch.flowtable.key;

import static io.jvswitch.flowtable.key.Extraction.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.Test;

class FlowHashTest {

    private static final long IP4_A = 0xffff_0a00_000aL;
    private static final long IP4_B = 0xffff_0a00_000bL;

    @Test
    void theFlowHashIsTheSameInBothDirections() {
        assertEquals(
                hash(Frames.ipv4().tcp(1000, 80)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .ipv4(Frames.IP4_B, Frames.IP4_A)
                        .tcp(80, 1000)));
        assertEquals(
                hash(Frames.ipv6().udp(1000, 80)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .ipv6(Frames.IP6_B, Frames.IP6_A)
                        .udp(80, 1000)));
        assertEquals(
                hash(Frames.aToB().etherType(EtherType.LLDP)),
                hash(Frames.ethernet(Frames.MAC_B, Frames.MAC_A).etherType(EtherType.LLDP)));
        assertNotEquals(hash(Frames.ipv4().tcp(1000, 80)), hash(Frames.ipv4().tcp(80, 1000)));
        assertNotEquals(hash(Frames.ipv4().tcp(1000, 80)), hash(Frames.ipv4().udp(1000, 80)));
    }

    private static int hash(FrameBuilder builder) {
        Frame frame = builder.frame();
        key(frame);
        return frame.flowHash();
    }

    @Test
    void neighbouringFlowsSpreadOverAllBitsOfTheFlowHash() {
        int[] ones = new int[32];
        int flows = 4096;
        for (int i = 0; i < flows; i++) {
            int hash = FlowHash.ofIp(0, IP4_A + (i & 63), 0, IP4_B, 6L << 56 | (long) (32768 + (i >>> 6)) << 16 | 80);
            for (int bit = 0; bit < 32; bit++) {
                ones[bit] += hash >>> bit & 1;
            }
        }
        // The hash has no random part, so neither has this test; 5 standard deviations are 160.
        for (int bit = 0; bit < 32; bit++) {
            assertEquals(flows / 2.0, ones[bit], 160, "bit " + bit);
        }
    }
}
