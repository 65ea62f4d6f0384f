package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartialChecksumTest {

    private static final int ETHERNET_BYTES = 14;

    private static List<FrameBuilder> kinds() {
        return List.of(
                Frames.tcpv4().payload(100),
                Frames.tcpv6().payload(101),
                Frames.udpv4().payload(18),
                Frames.udpv6().payload(19));
    }

    /** As it arrives from a socket: the bytes alone, without what the sender knew of them. */
    private static Frame received(byte[] bytes) {
        Frame frame = Hex.frame(bytes, 0);
        boolean ipv4 = bytes[ETHERNET_BYTES] >>> 4 == 4;
        int l3At = frame.start() + ETHERNET_BYTES;
        frame.setLayers(l3At, l3At + (ipv4 ? 20 : 40));
        return frame;
    }

    @Test
    void aPartialChecksumIsRecognisedAndCompletesToTheRightOne() {
        for (FrameBuilder kind : kinds()) {
            byte[] complete = kind.bytes();
            Frame frame = received(kind.partialChecksum().bytes());
            PartialChecksum.recognise(frame);
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertNull(Checksum.complete(frame));
            assertArrayEquals(complete, Hex.bytes(frame));
        }
    }

    @Test
    void aCompleteOrWrongChecksumIsLeftAlone() {
        for (FrameBuilder kind : kinds()) {
            Frame right = received(kind.bytes());
            PartialChecksum.recognise(right);
            assertEquals(Frame.CSUM_UNKNOWN, right.checksumState());
            Frame wrong = received(kind.badChecksum().bytes());
            PartialChecksum.recognise(wrong);
            assertEquals(Frame.CSUM_UNKNOWN, wrong.checksumState());
        }
    }

    @Test
    void withoutATransportHeaderThereIsNothingToRecognise() {
        Frame frame = received(Frames.tcpv4().payload(10).partialChecksum().bytes());
        frame.setLayers(frame.l3At(), 0);
        PartialChecksum.recognise(frame);
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }

    /** A guest whose NIC offers CRC32c offload leaves the whole field to it. */
    @Test
    void anUnfinishedSctpChecksumIsCompleted() {
        for (FrameBuilder kind : List.of(Frames.ipv4(), Frames.ipv6())) {
            byte[] complete = kind.sctp(7, 8, 9).payload("0e000004").bytes();
            Frame frame = received(complete.clone());
            SctpHeader.setChecksum(frame.segment(), frame.l4At(), 0x1234);
            frame.setChecksum(Frame.CSUM_PARTIAL, frame.l4At(), SctpHeader.CHECKSUM_OFFSET);
            assertNull(PartialChecksum.check(frame));
            assertArrayEquals(complete, Hex.bytes(frame));
            assertEquals(Frame.CSUM_VALID, frame.checksumState());
        }
        Frame tcp = received(Frames.tcpv4().payload(100).bytes());
        tcp.setChecksum(Frame.CSUM_PARTIAL, tcp.l4At(), SctpHeader.CHECKSUM_OFFSET);
        assertEquals(DropReason.OFFLOAD_INVALID, PartialChecksum.check(tcp));
    }

    /** What a Linux VXLAN device sends over a veth: the TCP superframe whole, in one datagram. */
    @Test
    void aSegmentLargerThanEthernetsMtuIsTheSuperframeThatItsSenderMeant() {
        for (FrameBuilder kind : List.of(Frames.tcpv4(), Frames.tcpv6())) {
            Frame frame = received(kind.payload(7_000).partialChecksum().bytes());
            PartialChecksum.recognise(frame);
            int headers = frame.length() - 7_000; // Ethernet to TCP
            assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
            assertEquals(
                    kind.payload(1).bytes()[ETHERNET_BYTES] >>> 4 == 4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6,
                    frame.gsoType());
            assertEquals(headers, frame.gsoHeaderBytes());
            assertEquals(1_280 + ETHERNET_BYTES - headers, frame.gsoSizeBytes());
        }
        Frame ordinary =
                received(Frames.tcpv4().payload(1_460).partialChecksum().bytes());
        PartialChecksum.recognise(ordinary);
        assertEquals(Frame.CSUM_PARTIAL, ordinary.checksumState());
        assertEquals(Frame.GSO_NONE, ordinary.gsoType());
    }
}
