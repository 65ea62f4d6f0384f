package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TcpHeaderTest {

    private static final byte[] SYN =
            Truncation.tail(Captures.frames("linux-tcp").get(0), 34);

    private static MemorySegment withOptions(String hex) {
        return Hex.segment(Truncation.tail(Frames.tcpv4().tcpOptions(hex).bytes(), 34));
    }

    private static List<Integer> kinds(MemorySegment seg) {
        List<Integer> kinds = new ArrayList<>();
        for (long o = TcpHeader.firstOption(seg, 0); o >= 0; o = TcpHeader.nextOption(seg, 0, o)) {
            kinds.add(TcpHeader.optionKind(seg, o));
        }
        return kinds;
    }

    @Test
    void readsWhatLinuxSent() {
        MemorySegment seg = Hex.segment(SYN);
        assertNull(TcpHeader.check(seg, 0, SYN.length));
        assertEquals(80, TcpHeader.destinationPort(seg, 0));
        assertEquals(40, TcpHeader.headerBytes(seg, 0));
        assertEquals(TcpHeader.FLAG_SYN, TcpHeader.flags(seg, 0));
        assertEquals(0, TcpHeader.acknowledgment(seg, 0));
        assertEquals(64_240, TcpHeader.window(seg, 0));
        assertEquals(0, TcpHeader.urgentPointer(seg, 0));
        // MSS, SACK permitted, timestamps, NOP, window scale.
        assertEquals(List.of(2, 4, 8, 3), kinds(seg));
        long mss = TcpHeader.findOption(seg, 0, TcpHeader.OPTION_MSS);
        assertEquals(20, mss);
        assertEquals(TcpHeader.MSS_OPTION_BYTES, TcpHeader.optionBytes(seg, mss));
        assertEquals(1460, NetworkOrder.getU16(seg, mss + 2));
        assertEquals(-1, TcpHeader.findOption(seg, 0, TcpHeader.OPTION_SACK));
    }

    @Test
    void theHandshakeFitsTogether() {
        List<byte[]> frames = Captures.frames("linux-tcp");
        for (int ip : new int[] {0, 4}) {
            int at = ip == 0 ? 34 : 54;
            MemorySegment syn = Hex.segment(frames.get(ip));
            MemorySegment synAck = Hex.segment(frames.get(ip + 1));
            MemorySegment data = Hex.segment(frames.get(ip + 3));
            assertEquals(TcpHeader.sequence(syn, at) + 1, TcpHeader.acknowledgment(synAck, at));
            assertEquals(TcpHeader.FLAG_SYN | TcpHeader.FLAG_ACK, TcpHeader.flags(synAck, at));
            assertEquals(TcpHeader.sequence(synAck, at) + 1, TcpHeader.sequence(data, at));
            assertEquals(TcpHeader.FLAG_PSH | TcpHeader.FLAG_ACK, TcpHeader.flags(data, at));
            assertEquals(TcpHeader.sourcePort(syn, at), TcpHeader.destinationPort(synAck, at));
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length <= SYN.length; length++) {
            DropReason expected =
                    length < 20 ? DropReason.TCP_TRUNCATED : length < 40 ? DropReason.TCP_BAD_DATA_OFFSET : null;
            MemorySegment seg = Hex.segment(Arrays.copyOf(SYN, length));
            assertEquals(expected, TcpHeader.check(seg, 0, length), "cut to " + length);
        }
    }

    @Test
    void everyDataOffsetIsHeldAgainstThePacket() {
        MemorySegment seg = Hex.segment(SYN);
        for (int words = 0; words < 16; words++) {
            TcpHeader.setHeaderBytesAndFlags(seg, 0, words * 4, 0);
            assertEquals(
                    words < 5 || words > 10 ? DropReason.TCP_BAD_DATA_OFFSET : null,
                    TcpHeader.check(seg, 0, SYN.length));
        }
    }

    @Test
    void reservedBitsAreIgnoredAndKept() {
        MemorySegment seg = Hex.segment(SYN);
        NetworkOrder.putU16(seg, 12, NetworkOrder.getU16(seg, 12) | 0x0e00);
        assertNull(TcpHeader.check(seg, 0, SYN.length));
        assertEquals(TcpHeader.FLAG_SYN, TcpHeader.flags(seg, 0));
        TcpHeader.setFlags(seg, 0, 0x1ff);
        assertEquals(0xafff, NetworkOrder.getU16(seg, 12));
        TcpHeader.setFlags(seg, 0, TcpHeader.FLAG_ACK);
        assertEquals(0xae10, NetworkOrder.getU16(seg, 12));
    }

    @Test
    void optionsEndAtEndOfList() {
        assertEquals(List.of(), kinds(withOptions("00 020405b4")));
        assertEquals(List.of(4), kinds(withOptions("01 01 0402 00 0204 05b4")));
        assertEquals(
                List.of(),
                kinds(Hex.segment(Truncation.tail(Frames.tcpv4().payload(9).bytes(), 34))));
        assertEquals(List.of(), kinds(withOptions("01010101")));
    }

    @Test
    void malformedOptionsEndTheWalk() {
        assertEquals(List.of(), kinds(withOptions("0200 05b4")), "length 0 would never move on");
        assertEquals(List.of(), kinds(withOptions("0201 05b4")), "length 1 would point into itself");
        assertEquals(
                List.of(4),
                kinds(withOptions("0402 0206 05b4 0101".replace(" ", "").substring(0, 8))));
        assertEquals(List.of(), kinds(withOptions("01 01 01 02")), "a kind without a length");
        assertEquals(List.of(), kinds(withOptions("05 12 0000")), "a length beyond the header");
        // The same bytes with payload behind them: the header's end counts, not the packet's.
        byte[] packet = Frames.tcpv4().tcpOptions("05 06 0000").payload(40).bytes();
        assertEquals(List.of(), kinds(Hex.segment(Truncation.tail(packet, 34))));
    }

    @Test
    void everySingleByteChangeKeepsTheWalkInsideTheHeader() {
        for (int at = 20; at < 40; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] packet = SYN.clone();
                packet[at] = (byte) value;
                MemorySegment seg = Hex.segment(packet);
                for (long o = TcpHeader.firstOption(seg, 0); o >= 0; o = TcpHeader.nextOption(seg, 0, o)) {
                    assertTrue(o + TcpHeader.optionBytes(seg, o) <= 40);
                }
            }
        }
    }

    @Test
    void fieldsComeBack() {
        RandomGenerator random = Seed.random(getClass());
        MemorySegment seg = Hex.segment(new byte[24]);
        for (int i = 0; i < 2000; i++) {
            int at = random.nextInt(4);
            int[] u16 = random.ints(5, 0, 65_536).toArray();
            int sequence = random.nextInt();
            int acknowledgment = random.nextInt();
            int headerBytes = random.nextInt(5, 16) * 4;
            int flags = random.nextInt(512);
            TcpHeader.setSourcePort(seg, at, u16[0]);
            TcpHeader.setDestinationPort(seg, at, u16[1]);
            TcpHeader.setSequence(seg, at, sequence);
            TcpHeader.setAcknowledgment(seg, at, acknowledgment);
            TcpHeader.setHeaderBytesAndFlags(seg, at, headerBytes, flags);
            TcpHeader.setWindow(seg, at, u16[2]);
            TcpHeader.setChecksum(seg, at, u16[3]);
            TcpHeader.setUrgentPointer(seg, at, u16[4]);
            assertEquals(u16[0], TcpHeader.sourcePort(seg, at));
            assertEquals(u16[1], TcpHeader.destinationPort(seg, at));
            assertEquals(sequence, TcpHeader.sequence(seg, at));
            assertEquals(acknowledgment, TcpHeader.acknowledgment(seg, at));
            assertEquals(headerBytes, TcpHeader.headerBytes(seg, at));
            assertEquals(flags, TcpHeader.flags(seg, at));
            assertEquals(u16[2], TcpHeader.window(seg, at));
            assertEquals(u16[3], TcpHeader.checksum(seg, at));
            assertEquals(u16[4], TcpHeader.urgentPointer(seg, at));
        }
    }
}
