package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OffloadHeaderTest {

    /**
     * TCP over IPv4 without options: 14 + 20 + 20 bytes of headers, checksum at 34 + 16 (VIRTIO 1.2, section 5.1.6).
     */
    private static final String TSO4 = "01 01 3600 a805 2200 1000 0000";

    private static Frame frame(int length) {
        Frame frame = new Frame(MemorySegment.ofArray(new byte[4096]));
        frame.place(200, length);
        return frame;
    }

    private static Frame frame(int length, String header) {
        Frame frame = frame(length);
        byte[] bytes = HexFormat.of().parseHex(header.replace(" ", ""));
        MemorySegment.copy(
                bytes, 0, frame.segment(), ValueLayout.JAVA_BYTE, (long) frame.start() - bytes.length, bytes.length);
        return frame;
    }

    private static String header(Frame frame, int bytes) {
        return HexFormat.of()
                .formatHex(frame.segment()
                        .asSlice((long) frame.start() - bytes, bytes)
                        .toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void anOrdinaryFrameHasAHeaderOfZeros() {
        Frame frame = frame(60, "00 00 0000 0000 0000 0000 0000");
        assertNull(OffloadHeader.read(frame, 12));
        assertEquals(Frame.GSO_NONE, frame.gsoType());
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }

    @Test
    void aSuperframeIsRead() {
        Frame frame = frame(3000, TSO4);
        assertNull(OffloadHeader.read(frame, 12));
        assertEquals(Frame.GSO_TCPV4, frame.gsoType());
        assertEquals(1448, frame.gsoSizeBytes());
        assertEquals(54, frame.gsoHeaderBytes());
        assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
        assertEquals(200 + 34, frame.checksumStart(), "an offset in the segment");
        assertEquals(16, frame.checksumOffset());
    }

    @Test
    void aVerifiedChecksumIsRead() {
        Frame frame = frame(60, "02 00 0000 0000 0000 0000 0000");
        assertNull(OffloadHeader.read(frame, 12));
        assertEquals(Frame.CSUM_VALID, frame.checksumState());
    }

    /** What the kernel says of packets that it merged as a list: their first one's checksum was not touched. */
    @Test
    void aSuperframeMayBeVerified() {
        Frame frame = frame(3000, "02 05 0000 f401 0000 0000 0000");
        assertNull(OffloadHeader.read(frame, 12));
        assertEquals(Frame.CSUM_VALID, frame.checksumState());
        assertEquals(Frame.GSO_UDP_L4, frame.gsoType());
        assertEquals(500, frame.gsoSizeBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 24})
    void whatIsWrittenIsReadAgain(int bytes) {
        Frame frame = frame(3000);
        frame.segment().asSlice(0, 200).fill((byte) 0xee);
        frame.setChecksum(Frame.CSUM_PARTIAL, 200 + 34, 16);
        frame.setGso(Frame.GSO_TCPV4 | Frame.GSO_ECN, 1448, 54);
        assertNull(OffloadHeader.write(frame, bytes));
        String expected = "0181" + "3600" + "a805" + "2200" + "1000" + "00".repeat(bytes - 10);
        assertEquals(expected, header(frame, bytes));
        assertEquals("ee", header(frame, bytes + 1).substring(0, 2), "nothing before the header is touched");

        frame.clearOffload();
        assertNull(OffloadHeader.read(frame, bytes));
        assertEquals(Frame.GSO_TCPV4 | Frame.GSO_ECN, frame.gsoType());
        assertEquals(200 + 34, frame.checksumStart());
    }

    @Test
    void anOrdinaryFrameWritesZerosOverWhatLayThere() {
        Frame frame = frame(60);
        frame.segment().fill((byte) 0xff);
        assertNull(OffloadHeader.write(frame, 24));
        assertEquals("00".repeat(24), header(frame, 24));
        frame.setChecksum(Frame.CSUM_VALID, 0, 0);
        assertNull(OffloadHeader.write(frame, 12));
        assertEquals("02" + "00".repeat(11), header(frame, 12));
    }

    @ParameterizedTest
    @CsvSource({
        "'01 01 3600 0000 2200 1000 0000', gso_size 0",
        "'01 01 b90b a805 2200 1000 0000', headers beyond the frame",
        "'01 01 3600 a805 b70b 0000 0000', checksum field one byte beyond the frame",
        "'01 00 0000 0000 ffff ffff 0000', checksum far outside",
        "'00 01 3600 a805 2200 1000 0000', a superframe without a partial checksum",
        "'01 02 3600 a805 2200 1000 0000', an unassigned gso_type",
        "'01 03 3600 a805 2200 1000 0000', UDP fragmentation offload of old kernels",
        "'01 21 3600 a805 2200 1000 0000', a superframe in a UDP tunnel",
        "'01 85 3600 a805 2200 1000 0000', ECN on UDP",
        "'01 80 3600 a805 2200 1000 0000', ECN alone",
    })
    void aHeaderThatContradictsItsFrameIsRefused(String header, String why) {
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.read(frame(3000, header), 12), why);
    }

    @Test
    void theChecksumFieldMayEndWithTheFrame() {
        assertNull(OffloadHeader.read(frame(52, "01 00 0000 0000 2200 1000 0000"), 12));
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.read(frame(51, "01 00 0000 0000 2200 1000 0000"), 12));
    }

    @Test
    void fieldsThatContradictTheirFrameAreRefused() {
        Frame before = frame(100);
        before.setChecksum(Frame.CSUM_PARTIAL, 199, 0);
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.write(before, 12));
        Frame behind = frame(100);
        behind.setChecksum(Frame.CSUM_PARTIAL, 299, 0);
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.write(behind, 12));
        Frame complete = frame(100);
        complete.setGso(Frame.GSO_TCPV4, 50, 54);
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.write(complete, 12));
        Frame sizeless = frame(100);
        sizeless.setChecksum(Frame.CSUM_PARTIAL, 234, 16);
        sizeless.setGso(Frame.GSO_TCPV4, 0, 54);
        assertEquals(DropReason.OFFLOAD_INVALID, OffloadHeader.write(sizeless, 12));
    }

    @Test
    void theHeaderNeedsHeadroom() {
        Frame frame = frame(60);
        frame.place(11, 60);
        assertEquals(DropReason.HEADROOM, OffloadHeader.write(frame, 12));
        frame.place(12, 60);
        assertNull(OffloadHeader.write(frame, 12));
    }
}
