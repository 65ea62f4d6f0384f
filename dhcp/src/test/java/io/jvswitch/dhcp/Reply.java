package io.jvswitch.dhcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reply taken apart, after the checks that every reply must pass: lengths, checksums, ports, structure. */
record Reply(
        String ethernetSource,
        String ethernetDestination,
        String ipSource,
        String ipDestination,
        int udpDestination,
        int flags,
        String ciaddr,
        String yiaddr,
        String siaddr,
        String giaddr,
        long mac,
        int messageBytes,
        String sname,
        String file,
        Map<Integer, String> options,
        List<Integer> order) {

    /** A reply of ours, after all checks. */
    static Reply of(Frame frame) {
        MemorySegment seg = frame.segment();
        int udpAt = frame.l4At();
        int messageAt = udpAt + UdpHeader.BYTES;
        Reply reply = read(frame);
        assertEquals(frame.l3At() + Ipv4Header.BYTES, udpAt);
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
        assertTrue(UdpHeader.checksum(seg, udpAt) != 0);
        assertTrue(Checksum.transportIsValid(seg, frame.l3At(), IpProtocol.UDP, udpAt, UdpHeader.length(seg, udpAt)));
        assertEquals(0, DhcpMessage.hops(seg, messageAt));
        assertEquals(0, DhcpMessage.secs(seg, messageAt));
        assertArrayEquals(new byte[10], Hex.bytes(seg, messageAt + 34, 10), "rest of chaddr");
        return reply;
    }

    /** Anybody's reply, after the checks that do not depend on whose it is. */
    static Reply read(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.start();
        int type = EthernetHeader.type(seg, at);
        int ipAt = at + EthernetHeader.BYTES;
        while (VlanTag.isTpid(type)) {
            type = NetworkOrder.getU16(seg, ipAt + 2L);
            ipAt += VlanTag.BYTES;
        }
        assertEquals(EtherType.IPV4, type);
        assertEquals(ipAt, frame.l3At());
        assertNull(Ipv4Header.check(seg, ipAt, frame.end() - ipAt));
        assertTrue(Ipv4Header.checksumIsValid(seg, ipAt));
        assertEquals(Ipv4Header.BYTES, Ipv4Header.headerBytes(seg, ipAt));
        assertEquals(frame.end(), ipAt + Ipv4Header.totalLength(seg, ipAt), "no padding");
        int udpAt = ipAt + Ipv4Header.BYTES;
        assertEquals(udpAt, frame.l4At());
        int udpBytes = UdpHeader.length(seg, udpAt);
        assertEquals(frame.end(), udpAt + udpBytes);
        assertEquals(DhcpMessage.SERVER_PORT, UdpHeader.sourcePort(seg, udpAt));
        int messageAt = udpAt + UdpHeader.BYTES;
        int length = udpBytes - UdpHeader.BYTES;
        assertTrue(length >= DhcpMessage.MIN_SENT_BYTES, "BOOTP's minimum");
        assertNull(DhcpMessage.check(seg, messageAt, length));
        assertEquals(DhcpMessage.OP_REPLY, DhcpMessage.op(seg, messageAt));
        int hardware = DhcpMessage.htype(seg, messageAt);
        assertTrue(
                hardware == DhcpMessage.HARDWARE_ETHERNET || hardware == DhcpMessage.HARDWARE_IEEE_802,
                "hardware type");
        assertEquals(6, DhcpMessage.hlen(seg, messageAt));

        Map<Integer, String> options = new LinkedHashMap<>();
        List<Integer> order = new ArrayList<>();
        for (long option = DhcpMessage.firstOption(seg, messageAt, length);
                option >= 0;
                option = DhcpMessage.nextOption(seg, messageAt, length, option)) {
            int code = DhcpMessage.optionCode(seg, option);
            options.merge(
                    code,
                    Hex.text(Hex.bytes(seg, option + 2, DhcpMessage.optionLength(seg, option)))
                            .replaceAll("\\s", ""),
                    String::concat);
            order.add(code);
        }
        return new Reply(
                MacAddress.toString(EthernetHeader.source(seg, at)),
                MacAddress.toString(EthernetHeader.destination(seg, at)),
                IpAddress.ipv4ToString(Ipv4Header.source(seg, ipAt)),
                IpAddress.ipv4ToString(Ipv4Header.destination(seg, ipAt)),
                UdpHeader.destinationPort(seg, udpAt),
                DhcpMessage.flags(seg, messageAt),
                IpAddress.ipv4ToString(DhcpMessage.ciaddr(seg, messageAt)),
                IpAddress.ipv4ToString(DhcpMessage.yiaddr(seg, messageAt)),
                IpAddress.ipv4ToString(DhcpMessage.siaddr(seg, messageAt)),
                IpAddress.ipv4ToString(DhcpMessage.giaddr(seg, messageAt)),
                DhcpMessage.clientMac(seg, messageAt),
                length,
                text(seg, messageAt + DhcpMessage.SNAME_OFFSET, DhcpMessage.SNAME_BYTES),
                text(seg, messageAt + DhcpMessage.FILE_OFFSET, DhcpMessage.FILE_BYTES),
                options,
                order);
    }

    /** A field as a C string. */
    private static String text(MemorySegment seg, int at, int bytes) {
        String all = new String(Hex.bytes(seg, at, bytes), StandardCharsets.ISO_8859_1);
        int end = all.indexOf('\0');
        return end < 0 ? all : all.substring(0, end);
    }

    int type() {
        return Integer.parseInt(options.getOrDefault(OptionCode.MESSAGE_TYPE, "0"), 16);
    }

    /** The value of an option in hexadecimal, or "" when there is none. */
    String option(int code) {
        return options.getOrDefault(code, "");
    }

    long number(int code) {
        return Long.parseLong(option(code), 16);
    }
}
