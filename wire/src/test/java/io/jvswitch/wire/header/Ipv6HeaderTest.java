package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Ipv6HeaderTest {

    private static final byte[] SYN =
            Truncation.tail(Captures.frames("linux-tcp").get(4), 14);
    private static final long NET = 0x2001_0db8_0000_0000L;

    @Test
    void readsWhatLinuxSent() {
        MemorySegment seg = Hex.segment(SYN);
        assertNull(Ipv6Header.check(seg, 0, SYN.length));
        assertEquals(6, Ipv6Header.version(seg, 0));
        assertEquals(0, Ipv6Header.trafficClass(seg, 0));
        assertEquals(40, Ipv6Header.payloadLength(seg, 0));
        assertEquals(80, Ipv6Header.totalBytes(seg, 0));
        assertEquals(IpProtocol.TCP, Ipv6Header.nextHeader(seg, 0));
        assertEquals(64, Ipv6Header.hopLimit(seg, 0));
        assertEquals(NET, Ipv6Header.sourceHi(seg, 0));
        assertEquals(0xa, Ipv6Header.sourceLo(seg, 0));
        assertEquals(NET, Ipv6Header.destinationHi(seg, 0));
        assertEquals(0xb, Ipv6Header.destinationLo(seg, 0));
    }

    @Test
    void writesWhatLinuxSent() {
        MemorySegment linux = Hex.segment(SYN);
        MemorySegment ours = Hex.segment(new byte[43]);
        ours.fill((byte) 0xee);
        Ipv6Header.write(ours, 3, 0, Ipv6Header.flowLabel(linux, 0), 40, IpProtocol.TCP, 64);
        Ipv6Header.setSource(ours, 3, NET, 0xa);
        Ipv6Header.setDestination(ours, 3, NET, 0xb);
        assertArrayEquals(Arrays.copyOf(SYN, 40), Hex.bytes(ours, 3, 40));
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length <= SYN.length; length++) {
            DropReason expected = length < 40
                    ? DropReason.IPV6_TRUNCATED
                    : length < SYN.length ? DropReason.IPV6_BAD_PAYLOAD_LENGTH : null;
            MemorySegment seg = Hex.segment(Arrays.copyOf(SYN, length));
            assertEquals(expected, Ipv6Header.check(seg, 0, length), "cut to " + length);
        }
        byte[] padded = Arrays.copyOf(SYN, SYN.length + 3);
        assertNull(Ipv6Header.check(Hex.segment(padded), 0, padded.length));
    }

    @Test
    void everyOtherVersionIsRefused() {
        for (int version = 0; version < 16; version++) {
            byte[] packet = SYN.clone();
            packet[0] = (byte) (version << 4);
            assertEquals(
                    version == 6 ? null : DropReason.IPV6_BAD_VERSION,
                    Ipv6Header.check(Hex.segment(packet), 0, packet.length));
        }
    }

    @Test
    void fieldsComeBack() {
        RandomGenerator random = Seed.random(getClass());
        MemorySegment seg = Hex.segment(new byte[44]);
        for (int i = 0; i < 2000; i++) {
            int at = random.nextInt(4);
            int trafficClass = random.nextInt(256);
            int label = random.nextInt(1 << 20);
            int payload = random.nextInt(65_536);
            int next = random.nextInt(256);
            int hops = random.nextInt(256);
            long[] halves = random.longs(4).toArray();
            Ipv6Header.write(seg, at, random.nextInt(256), label, payload, next, hops);
            Ipv6Header.setTrafficClass(seg, at, trafficClass);
            Ipv6Header.setSource(seg, at, halves[0], halves[1]);
            Ipv6Header.setDestination(seg, at, halves[2], halves[3]);
            assertEquals(6, Ipv6Header.version(seg, at));
            assertEquals(trafficClass, Ipv6Header.trafficClass(seg, at));
            assertEquals(trafficClass, Ipv6Header.dscp(seg, at) << 2 | Ipv6Header.ecn(seg, at));
            assertEquals(label, Ipv6Header.flowLabel(seg, at));
            assertEquals(payload, Ipv6Header.payloadLength(seg, at));
            assertEquals(next, Ipv6Header.nextHeader(seg, at));
            assertEquals(hops, Ipv6Header.hopLimit(seg, at));
            assertArrayEquals(halves, new long[] {
                Ipv6Header.sourceHi(seg, at),
                Ipv6Header.sourceLo(seg, at),
                Ipv6Header.destinationHi(seg, at),
                Ipv6Header.destinationLo(seg, at)
            });
        }
    }
}
