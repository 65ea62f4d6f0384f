package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;

/** Frames for device tests. Payloads are numbered and follow from their number, so that every byte can be checked. */
final class Packets {

    static final int UDP4_HEADERS = EthernetHeader.BYTES + Ipv4Header.BYTES + UdpHeader.BYTES;

    private Packets() {}

    /** Fills {@code length} bytes, at least 4: the number, then bytes that follow from it. */
    static void fill(MemorySegment segment, long at, int length, int number) {
        NetworkOrder.putInt(segment, at, number);
        for (int i = 4; i < length; i++) {
            NetworkOrder.putU8(segment, at + i, number * 31 + i);
        }
    }

    static void check(MemorySegment segment, long at, int length, int number) {
        assertEquals(number, NetworkOrder.getInt(segment, at), "number of the payload");
        for (int i = 4; i < length; i++) {
            assertEquals(number * 31 + i & 0xff, NetworkOrder.getU8(segment, at + i), "byte " + i + " of " + number);
        }
    }

    /** Makes the frame a numbered payload and nothing else. */
    static Frame payload(Frame frame, int length, int number) {
        frame.resize(length);
        fill(frame.segment(), frame.start(), length, number);
        return frame;
    }

    static void checkPayload(Frame frame, int length, int number) {
        assertEquals(length, frame.length());
        check(frame.segment(), frame.start(), length, number);
    }

    /** Makes the frame Ethernet, IPv4 and UDP around a numbered payload, checksums in place. */
    static Frame udp4(
            Frame frame,
            long from,
            long to,
            IpAddress source,
            IpAddress destination,
            int port,
            int payload,
            int number) {
        frame.resize(UDP4_HEADERS + payload);
        MemorySegment segment = frame.segment();
        int ipAt = frame.start() + EthernetHeader.BYTES;
        int udpAt = ipAt + Ipv4Header.BYTES;
        int udpLength = UdpHeader.BYTES + payload;
        EthernetHeader.write(segment, frame.start(), to, from, EtherType.IPV4);
        Ipv4Header.write(
                segment,
                ipAt,
                0,
                Ipv4Header.BYTES + udpLength,
                0,
                Ipv4Header.FLAG_DF,
                64,
                IpProtocol.UDP,
                source.ipv4(),
                destination.ipv4());
        UdpHeader.write(segment, udpAt, port, port, udpLength);
        fill(segment, udpAt + UdpHeader.BYTES, payload, number);
        Checksum.setTransport(segment, ipAt, IpProtocol.UDP, udpAt, udpLength);
        return frame;
    }

    /** Whether it is a UDP datagram over IPv4 to the port. */
    static boolean isUdp4(Frame frame, int port) {
        MemorySegment segment = frame.segment();
        int ipAt = frame.start() + EthernetHeader.BYTES;
        return frame.length() >= UDP4_HEADERS
                && EthernetHeader.type(segment, frame.start()) == EtherType.IPV4
                && Ipv4Header.protocol(segment, ipAt) == IpProtocol.UDP
                && UdpHeader.destinationPort(segment, ipAt + Ipv4Header.BYTES) == port;
    }

    static void checkUdp4(Frame frame, int payload, int number) {
        assertEquals(UDP4_HEADERS + payload, frame.length());
        check(frame.segment(), frame.start() + UDP4_HEADERS, payload, number);
    }
}
