package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Ipv4HeaderTest {

    private static final byte[] SYN =
            Truncation.tail(Captures.frames("linux-tcp").get(0), 14);
    private static final byte[] WITH_OPTIONS =
            Truncation.tail(Captures.frames("linux-udp").get(2), 14);
    private static final byte[] FIRST =
            Truncation.tail(Captures.frames("linux-fragments").get(0), 14);
    private static final byte[] LAST =
            Truncation.tail(Captures.frames("linux-fragments").get(1), 14);

    @Test
    void readsWhatLinuxSent() {
        MemorySegment seg = Hex.segment(SYN);
        assertNull(Ipv4Header.check(seg, 0, SYN.length));
        assertEquals(4, Ipv4Header.version(seg, 0));
        assertEquals(20, Ipv4Header.headerBytes(seg, 0));
        assertEquals(0, Ipv4Header.optionBytes(seg, 0));
        assertEquals(60, Ipv4Header.totalLength(seg, 0));
        assertEquals(40, Ipv4Header.payloadBytes(seg, 0));
        assertTrue(Ipv4Header.dontFragment(seg, 0));
        assertFalse(Ipv4Header.isFragment(seg, 0));
        assertEquals(64, Ipv4Header.ttl(seg, 0));
        assertEquals(IpProtocol.TCP, Ipv4Header.protocol(seg, 0));
        assertEquals(0x0a00_000a, Ipv4Header.source(seg, 0));
        assertEquals(0x0a00_000b, Ipv4Header.destination(seg, 0));
        assertTrue(Ipv4Header.checksumIsValid(seg, 0));
    }

    @Test
    void readsOptions() {
        MemorySegment seg = Hex.segment(WITH_OPTIONS);
        assertNull(Ipv4Header.check(seg, 0, WITH_OPTIONS.length));
        assertEquals(24, Ipv4Header.headerBytes(seg, 0));
        assertEquals(4, Ipv4Header.optionBytes(seg, 0));
        assertTrue(Ipv4Header.checksumIsValid(seg, 0));
        assertEquals(9, UdpHeader.destinationPort(seg, Ipv4Header.headerBytes(seg, 0)));
    }

    @Test
    void readsFragments() {
        MemorySegment first = Hex.segment(FIRST);
        assertTrue(Ipv4Header.isFragment(first, 0));
        assertFalse(Ipv4Header.isLaterFragment(first, 0));
        assertTrue(Ipv4Header.moreFragments(first, 0));
        assertEquals(0, Ipv4Header.fragmentOffsetBytes(first, 0));
        MemorySegment last = Hex.segment(LAST);
        assertTrue(Ipv4Header.isLaterFragment(last, 0));
        assertFalse(Ipv4Header.moreFragments(last, 0));
        assertEquals(1480, Ipv4Header.fragmentOffsetBytes(last, 0));
        assertEquals(Ipv4Header.identification(first, 0), Ipv4Header.identification(last, 0));
        assertNull(Ipv4Header.checkFragment(first, 0));
        assertNull(Ipv4Header.checkFragment(last, 0));
    }

    @Test
    void writesWhatLinuxSent() {
        MemorySegment linux = Hex.segment(SYN);
        MemorySegment ours = Hex.segment(new byte[21]);
        ours.fill((byte) 0xee);
        Ipv4Header.write(
                ours,
                1,
                0,
                60,
                Ipv4Header.identification(linux, 0),
                Ipv4Header.FLAG_DF,
                64,
                IpProtocol.TCP,
                0x0a00_000a,
                0x0a00_000b);
        assertArrayEquals(Arrays.copyOf(SYN, 20), Hex.bytes(ours, 1, 20));
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length <= WITH_OPTIONS.length; length++) {
            DropReason expected = length < 20
                    ? DropReason.IPV4_TRUNCATED
                    : length < 24
                            ? DropReason.IPV4_BAD_HEADER_LENGTH
                            : length < WITH_OPTIONS.length ? DropReason.IPV4_BAD_TOTAL_LENGTH : null;
            MemorySegment seg = Hex.segment(Arrays.copyOf(WITH_OPTIONS, length));
            assertEquals(expected, Ipv4Header.check(seg, 0, length), "cut to " + length);
        }
    }

    @Test
    void paddingBehindTheTotalLengthIsIgnored() {
        byte[] padded = Arrays.copyOf(SYN, SYN.length + 6);
        assertNull(Ipv4Header.check(Hex.segment(padded), 0, padded.length));
    }

    @Test
    void everyOtherVersionIsRefused() {
        for (int version = 0; version < 16; version++) {
            byte[] packet = SYN.clone();
            packet[0] = (byte) (version << 4 | 5);
            assertEquals(
                    version == 4 ? null : DropReason.IPV4_BAD_VERSION,
                    Ipv4Header.check(Hex.segment(packet), 0, packet.length));
        }
    }

    @Test
    void everyHeaderLengthIsHeldAgainstThePacket() {
        for (int words = 0; words < 16; words++) {
            byte[] packet = Arrays.copyOf(SYN, 48);
            packet[0] = (byte) (0x40 | words);
            packet[3] = 44;
            DropReason expected = words < 5 || words > 12
                    ? DropReason.IPV4_BAD_HEADER_LENGTH
                    : words > 11 ? DropReason.IPV4_BAD_TOTAL_LENGTH : null;
            assertEquals(expected, Ipv4Header.check(Hex.segment(packet), 0, packet.length), words + " words");
        }
    }

    @Test
    void theReservedFlagIsIgnored() {
        byte[] packet = SYN.clone();
        packet[6] |= (byte) 0x80;
        MemorySegment seg = Hex.segment(packet);
        assertNull(Ipv4Header.check(seg, 0, packet.length));
        assertFalse(Ipv4Header.isFragment(seg, 0));
        assertTrue(Ipv4Header.dontFragment(seg, 0));
    }

    @Test
    void tinyTcpFragmentsAreRefused() {
        byte[] offsetOne = Truncation.tail(
                Frames.ipv4()
                        .fragment(8, true)
                        .protocol(IpProtocol.TCP)
                        .payload(64)
                        .bytes(),
                14);
        assertEquals(DropReason.IPV4_TINY_FRAGMENT, Ipv4Header.checkFragment(Hex.segment(offsetOne), 0));
        for (int payload = 0; payload <= 24; payload += 8) {
            byte[] first = Truncation.tail(
                    Frames.ipv4()
                            .fragment(0, true)
                            .protocol(IpProtocol.TCP)
                            .payload(payload)
                            .bytes(),
                    14);
            DropReason expected = payload < 20 ? DropReason.IPV4_TINY_FRAGMENT : null;
            assertEquals(expected, Ipv4Header.checkFragment(Hex.segment(first), 0));
        }
        byte[] udp = Truncation.tail(
                Frames.ipv4()
                        .fragment(8, true)
                        .protocol(IpProtocol.UDP)
                        .payload(8)
                        .bytes(),
                14);
        assertNull(Ipv4Header.checkFragment(Hex.segment(udp), 0), "only TCP has the attack");
        byte[] later = Truncation.tail(
                Frames.ipv4()
                        .fragment(16, false)
                        .protocol(IpProtocol.TCP)
                        .payload(8)
                        .bytes(),
                14);
        assertNull(Ipv4Header.checkFragment(Hex.segment(later), 0));
        assertNull(Ipv4Header.checkFragment(Hex.segment(SYN), 0));
    }

    @Test
    void anyBitThatFlipsSpoilsTheChecksum() {
        for (int bit = 0; bit < 20 * 8; bit++) {
            byte[] packet = SYN.clone();
            packet[bit / 8] ^= (byte) (1 << bit % 8);
            if (bit / 8 > 0) {
                assertFalse(Ipv4Header.checksumIsValid(Hex.segment(packet), 0), "bit " + bit);
            }
        }
    }

    @Test
    void fieldsComeBack() {
        RandomGenerator random = Seed.random(getClass());
        MemorySegment seg = Hex.segment(new byte[64]);
        for (int i = 0; i < 2000; i++) {
            int at = random.nextInt(4);
            int headerBytes = random.nextInt(5, 16) * 4;
            int tos = random.nextInt(256);
            int total = random.nextInt(65_536);
            int id = random.nextInt(65_536);
            int flags = random.nextInt(65_536);
            int ttl = random.nextInt(256);
            int protocol = random.nextInt(256);
            int source = random.nextInt();
            int destination = random.nextInt();
            Ipv4Header.setHeaderBytes(seg, at, headerBytes);
            Ipv4Header.setTos(seg, at, tos);
            Ipv4Header.setTotalLength(seg, at, total);
            Ipv4Header.setIdentification(seg, at, id);
            Ipv4Header.setFlagsAndOffset(seg, at, flags);
            Ipv4Header.setTtl(seg, at, ttl);
            Ipv4Header.setProtocol(seg, at, protocol);
            Ipv4Header.setSource(seg, at, source);
            Ipv4Header.setDestination(seg, at, destination);
            Ipv4Header.updateChecksum(seg, at);
            assertEquals(4, Ipv4Header.version(seg, at));
            assertEquals(headerBytes, Ipv4Header.headerBytes(seg, at));
            assertEquals(tos, Ipv4Header.dscp(seg, at) << 2 | Ipv4Header.ecn(seg, at));
            assertEquals(total, Ipv4Header.totalLength(seg, at));
            assertEquals(id, Ipv4Header.identification(seg, at));
            assertEquals(flags, Ipv4Header.flagsAndOffset(seg, at));
            assertEquals(ttl, Ipv4Header.ttl(seg, at));
            assertEquals(protocol, Ipv4Header.protocol(seg, at));
            assertEquals(source, Ipv4Header.source(seg, at));
            assertEquals(destination, Ipv4Header.destination(seg, at));
            assertTrue(Ipv4Header.checksumIsValid(seg, at));
            Ipv4Header.changeTtl(seg, at, 255 - ttl);
            assertEquals(255 - ttl, Ipv4Header.ttl(seg, at));
            assertTrue(Ipv4Header.checksumIsValid(seg, at));
            int checksum = Ipv4Header.checksum(seg, at);
            Ipv4Header.setChecksum(seg, at, checksum ^ 1);
            assertFalse(Ipv4Header.checksumIsValid(seg, at));
        }
    }
}
