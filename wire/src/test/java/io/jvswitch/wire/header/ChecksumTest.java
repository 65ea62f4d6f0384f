package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.VirtioNetHeader;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    /** RFC 1071, section 1, word by word. */
    private static int reference(byte[] bytes, int from, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += 2) {
            int high = bytes[from + i] & 0xff;
            int low = i + 1 < length ? bytes[from + i + 1] & 0xff : 0;
            sum += high << 8 | low;
            if (sum > 0xffff) {
                sum -= 0xffff;
            }
        }
        return (int) sum;
    }

    @Test
    void theExampleOfRfc1071() {
        MemorySegment seg = Hex.segment("0001 f203 f4f5 f6f7");
        assertEquals(0xddf2, Checksum.sum(seg, 0, 8));
        assertEquals(0x220d, Checksum.finish(0xddf2));
    }

    @Test
    void sumsAsTheReferenceDoesForEveryLengthAndOffset() {
        RandomGenerator random = Seed.random(getClass());
        byte[] bytes = new byte[300];
        for (int round = 0; round < 4; round++) {
            random.nextBytes(bytes);
            MemorySegment seg = Hex.segment(bytes);
            MemorySegment heap = MemorySegment.ofArray(bytes);
            for (int at = 0; at < 18; at++) {
                for (int length = 0; length <= bytes.length - at; length++) {
                    int expected = reference(bytes, at, length);
                    assertEquals(expected, Checksum.sum(seg, at, length), at + "+" + length);
                    assertEquals(expected, Checksum.sum(heap, at, length), "heap " + at + "+" + length);
                }
            }
        }
    }

    @Test
    void carriesDoNotGetLost() {
        byte[] ones = new byte[65_535];
        java.util.Arrays.fill(ones, (byte) 0xff);
        MemorySegment seg = MemorySegment.ofArray(ones);
        for (int length : new int[] {1, 2, 7, 8, 9, 1500, 65_534, 65_535}) {
            assertEquals(reference(ones, 0, length), Checksum.sum(seg, 0, length));
        }
        assertEquals(0, Checksum.sum(MemorySegment.ofArray(new byte[64]), 0, 64), "only zeros sum to zero");
        assertEquals(0xffff, Checksum.fold(0xffff));
        assertEquals(0xffff, Checksum.fold(-1L));
        assertEquals(1, Checksum.fold(0x10000));
        assertEquals(0x8000, Checksum.fold(Long.MIN_VALUE));
    }

    @Test
    void neverReadsBeyondTheSegment() {
        MemorySegment seg = Hex.segment(new byte[33]);
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(seg, 0, 34));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(seg, 33, 1));
        assertEquals(0, Checksum.sum(seg, 33, 0));
    }

    @Test
    void rangesJoinAlsoAtOddPlaces() {
        RandomGenerator random = Seed.random(getClass());
        byte[] bytes = new byte[101];
        random.nextBytes(bytes);
        MemorySegment seg = Hex.segment(bytes);
        for (int first = 0; first <= bytes.length; first++) {
            int joined =
                    Checksum.concat(Checksum.sum(seg, 0, first), first, Checksum.sum(seg, first, bytes.length - first));
            assertEquals(reference(bytes, 0, bytes.length), joined, "parted at " + first);
        }
    }

    @Test
    void everyTransportChecksumThatLinuxSentIsRight() {
        int judged = 0;
        for (String capture :
                List.of("linux-arp-ping", "linux-nd-ping", "linux-tcp", "linux-udp", "linux-too-big", "dhcp-udhcpc")) {
            for (byte[] frame : Captures.frames(capture)) {
                MemorySegment seg = Hex.segment(frame);
                int type = EthernetHeader.type(seg, 0);
                if (type == EtherType.ARP) {
                    continue;
                }
                int protocol;
                int at;
                int end;
                if (type == EtherType.IPV4) {
                    protocol = Ipv4Header.protocol(seg, 14);
                    at = 14 + Ipv4Header.headerBytes(seg, 14);
                    end = 14 + Ipv4Header.totalLength(seg, 14);
                } else {
                    long walk = Ipv6Extensions.walk(seg, 14);
                    protocol = Ipv6Extensions.protocol(walk);
                    at = 14 + Ipv6Extensions.transportOffset(walk);
                    end = 14 + Ipv6Header.totalBytes(seg, 14);
                }
                assertTrue(Checksum.transportIsValid(seg, 14, protocol, at, end - at), capture);
                int field = at + Checksum.offsetIn(protocol);
                int linux = NetworkOrder.getU16(seg, field);
                NetworkOrder.putU16(seg, field, ~linux);
                assertFalse(Checksum.transportIsValid(seg, 14, protocol, at, end - at), capture);
                Checksum.setTransport(seg, 14, protocol, at, end - at);
                assertEquals(linux, NetworkOrder.getU16(seg, field), capture);
                judged++;
            }
        }
        assertTrue(judged >= 25, judged + " checksums");
    }

    @Test
    void udpZeroMeansNoneOverIpv4Only() {
        byte[] v4 = Frames.udpv4().withoutChecksum().payload(5).bytes();
        assertTrue(Checksum.transportIsValid(Hex.segment(v4), 14, IpProtocol.UDP, 34, 13));
        byte[] v6 = Frames.udpv6().withoutChecksum().payload(5).bytes();
        assertFalse(Checksum.transportIsValid(Hex.segment(v6), 14, IpProtocol.UDP, 54, 13));
    }

    @Test
    void aUdpSumOfZeroIsSentAsOnes() {
        // The two last payload bytes are chosen so that everything sums to 0xffff.
        byte[] frame = Frames.udpv4().payload("0000").bytes();
        MemorySegment seg = Hex.segment(frame);
        NetworkOrder.putU16(seg, 42, UdpHeader.checksum(seg, 34));
        Checksum.setTransport(seg, 14, IpProtocol.UDP, 34, 10);
        assertEquals(0xffff, UdpHeader.checksum(seg, 34));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.UDP, 34, 10));
    }

    @Test
    void pseudoHeadersOfBothFamilies() {
        IpAddress a = IpAddress.parse(Frames.IP6_A);
        IpAddress b = IpAddress.parse(Frames.IP6_B);
        long v6 = Checksum.pseudoIpv6(a.hi(), a.lo(), b.hi(), b.lo(), IpProtocol.TCP, 20);
        byte[] written =
                Hex.bytes("20010db800000000000000000000000a 20010db800000000000000000000000b 00000014 00000006");
        assertEquals(reference(written, 0, 40), Checksum.fold(v6));
        long v4 = Checksum.pseudoIpv4(0xffff_ffff, 0x8000_0001, IpProtocol.UDP, 65_535);
        byte[] written4 = Hex.bytes("ffffffff 80000001 0011 ffff");
        assertEquals(reference(written4, 0, 12), Checksum.fold(v4));
    }

    @Test
    void completingAPartialChecksumGivesTheWholeOne() {
        for (int payload = 0; payload < 20; payload++) {
            int bytes = payload;
            for (Frame[] pair : new Frame[][] {
                {
                    Frames.tcpv4().payload(bytes).partialChecksum().frame(),
                    Frames.tcpv4().payload(bytes).frame()
                },
                {
                    Frames.tcpv6().payload(bytes).partialChecksum().frame(),
                    Frames.tcpv6().payload(bytes).frame()
                },
                {
                    Frames.udpv4().payload(bytes).partialChecksum().frame(),
                    Frames.udpv4().payload(bytes).frame()
                },
                {
                    Frames.udpv6().payload(bytes).partialChecksum().frame(),
                    Frames.udpv6().payload(bytes).frame()
                }
            }) {
                assertNotEquals(Hex.text(pair[1]), Hex.text(pair[0]));
                assertNull(Checksum.complete(pair[0]));
                assertEquals(Hex.text(pair[1]), Hex.text(pair[0]));
                assertEquals(Frame.CSUM_VALID, pair[0].checksumState());
            }
        }
    }

    @Test
    void completesWhatATapHandedOver() {
        byte[] captured = Captures.frames("linux-virtio-net").get(0);
        Frame frame = Hex.frame(Truncation.tail(captured, VirtioNetHeader.BYTES), 0);
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + 34, 16);
        assertNull(Checksum.complete(frame));
        assertTrue(Checksum.transportIsValid(
                frame.segment(), frame.start() + 14L, IpProtocol.TCP, frame.start() + 34L, 40));
    }

    @Test
    void completingSumsToZeroAsOnes() {
        Frame frame = Hex.frame("ffff 0000");
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.start(), 2);
        assertNull(Checksum.complete(frame));
        assertEquals("ffff ffff", Hex.text(frame));
    }

    @Test
    void completingRefusesFieldsOutsideTheFrame() {
        int[][] outside = {
            {-1, 0}, {0, -1}, {0, 9}, {0, 10}, {5, 4}, {9, 0}, {10, 0}, {11, 0}, {11, -2}, {0, Integer.MAX_VALUE}
        };
        for (int[] place : outside) {
            Frame frame = Hex.frame(new byte[10], 20);
            frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + place[0], place[1]);
            assertEquals(DropReason.OFFLOAD_INVALID, Checksum.complete(frame), place[0] + ", " + place[1]);
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(Hex.text(new byte[10]), Hex.text(frame));
        }
        Frame last = Hex.frame(new byte[10], 20);
        last.setChecksum(Frame.CSUM_PARTIAL, last.start() + 8, 0);
        assertNull(Checksum.complete(last));
    }

    @Test
    void aFrameWithoutPartialChecksumIsLeftAlone() {
        Frame frame = Frames.tcpv4().badChecksum().frame();
        String before = Hex.text(frame);
        assertNull(Checksum.complete(frame));
        assertEquals(before, Hex.text(frame));
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }

    @Test
    void setPartialIsWhatBuildersAndGuestsDo() {
        for (Frame frame : List.of(
                Frames.tcpv4().payload(7).frame(), Frames.udpv6().payload(7).frame())) {
            boolean tcp = frame.length() == 61;
            String whole = Hex.text(frame);
            int at = frame.start() + (tcp ? 34 : 54);
            Checksum.setPartial(
                    frame, frame.start() + 14L, tcp ? IpProtocol.TCP : IpProtocol.UDP, at, frame.end() - at);
            assertEquals(at, frame.checksumStart());
            assertNull(Checksum.complete(frame));
            assertEquals(whole, Hex.text(frame));
        }
    }

    @Test
    void updatesEqualComputingAnew() {
        RandomGenerator random = Seed.random(getClass());
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            if (random.nextInt(4) == 0) {
                java.util.Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0 : 0xff));
            }
            MemorySegment seg = MemorySegment.ofArray(bytes);
            // The checksum of a header that is never all zeros, as every real one is.
            bytes[0] = 0x45;
            int before = Checksum.finish(Checksum.sum(seg, 0, 64));
            int at = 2 + 2 * random.nextInt(27);
            long after = random.nextInt(4) == 0 ? (random.nextBoolean() ? 0 : -1L) : random.nextLong();
            int updated;
            switch (random.nextInt(4)) {
                case 0 -> {
                    updated = Checksum.update16(before, NetworkOrder.getU16(seg, at), (int) after & 0xffff);
                    NetworkOrder.putU16(seg, at, (int) after);
                }
                case 1 -> {
                    updated = Checksum.update32(before, NetworkOrder.getInt(seg, at), (int) after);
                    NetworkOrder.putInt(seg, at, (int) after);
                }
                case 2 -> {
                    updated = Checksum.update48(before, NetworkOrder.getU48(seg, at), after & MacAddress.BROADCAST);
                    NetworkOrder.putU48(seg, at, after);
                }
                default -> {
                    long change = Checksum.change(NetworkOrder.getLong(seg, at), after);
                    updated = Checksum.update64(before, NetworkOrder.getLong(seg, at), after);
                    assertEquals(updated, Checksum.changed(before, change));
                    NetworkOrder.putLong(seg, at, after);
                }
            }
            assertEquals(Checksum.finish(Checksum.sum(seg, 0, 64)), updated);
        }
    }

    @Test
    void changesOfSeveralWordsAddUp() {
        RandomGenerator random = Seed.random(getClass());
        byte[] bytes = new byte[64];
        MemorySegment seg = MemorySegment.ofArray(bytes);
        for (int i = 0; i < 5_000; i++) {
            random.nextBytes(bytes);
            bytes[0] = 0x45;
            int sum = Checksum.sum(seg, 0, 64);
            long changes = 0;
            for (int at = 2; at < 56; at += 8) {
                long after = random.nextInt(4) == 0 ? 0 : random.nextLong();
                changes += Checksum.change(NetworkOrder.getLong(seg, at), after);
                NetworkOrder.putLong(seg, at, after);
            }
            assertEquals(Checksum.finish(Checksum.sum(seg, 0, 64)), Checksum.changed(Checksum.finish(sum), changes));
            assertEquals(Checksum.sum(seg, 0, 64), Checksum.changedPartial(sum, changes));
        }
    }

    @Test
    void theCornerCaseOfRfc1624() {
        // Section 4: equation 2 would give 0xffff here, equation 3 gives the right 0x0000.
        assertEquals(0x0000, Checksum.update16(0xdd2f, 0x5555, 0x3285));
    }

    @Test
    void protocolsWithoutInternetChecksumAreAMistake() {
        assertThrows(IllegalArgumentException.class, () -> Checksum.offsetIn(IpProtocol.SCTP));
    }
}
