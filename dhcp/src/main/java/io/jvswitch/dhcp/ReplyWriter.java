package io.jvswitch.dhcp;

import io.jvswitch.wire.Checksum;
import io.jvswitch.wire.DhcpMessage;
import io.jvswitch.wire.EthernetHeader;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpProtocol;
import io.jvswitch.wire.Ipv4Header;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reply over the request in a frame: Ethernet (tags kept), IPv4, UDP, the fixed part and the options, with all
 * checksums. One instance is used again for every reply; nothing is allocated. Single-threaded.
 *
 * <p>Options go into the options field in order of need; what finds no room there goes into {@code file}, then {@code sname},
 * which no client of ours boots from (option 52, RFC 2132 section 9.3); what finds no room there either is left out.
 */
final class ReplyWriter {

    /** Ethernet's MTU: no reply is longer, whatever a client would take. */
    private static final int MAX_DATAGRAM_BYTES = 1500;

    private static final int HEADERS_BYTES = Ipv4Header.BYTES + UdpHeader.BYTES;
    private static final int TTL = 64;
    private static final int OVERLOAD_OPTION_BYTES = 3;

    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_SNAME = 2;

    private final SeenCodes written = new SeenCodes();
    private final byte[] small = new byte[2 + DhcpRequest.MAX_VALUE_BYTES];

    private MemorySegment seg = MemorySegment.NULL;
    private int at;
    private int next;
    private int end;
    private int fileNext;
    private int snameNext;
    private int omitted;

    /**
     * Begins a reply to {@code request}, whose frame is overwritten from its network header on.
     *
     * @return false when the frame's buffer has no room for any reply; it is unchanged then
     */
    boolean begin(Frame frame, DhcpRequest request, ServedSubnet subnet, int messageType) {
        int room = frame.capacity() - request.ipAt - HEADERS_BYTES;
        if (room < DhcpRequest.MIN_MESSAGE_BYTES - HEADERS_BYTES) {
            return false;
        }
        int mtu = subnet.config().mtuBytes() > 0 ? subnet.config().mtuBytes() : MAX_DATAGRAM_BYTES;
        int asked = Math.min(request.maxMessageBytes, Math.min(mtu, MAX_DATAGRAM_BYTES));
        int most = Math.min(room, Math.max(asked, DhcpRequest.MIN_MESSAGE_BYTES) - HEADERS_BYTES);
        int relayBytes = request.relayInformationBytes > 0 ? 2 + request.relayInformationBytes : 0;

        seg = frame.segment();
        at = request.ipAt + HEADERS_BYTES;
        next = at + DhcpMessage.BYTES;
        end = at + most - relayBytes - OVERLOAD_OPTION_BYTES - 1;
        fileNext = at + DhcpMessage.FILE_OFFSET;
        snameNext = at + DhcpMessage.SNAME_OFFSET;
        omitted = 0;
        written.clear();

        DhcpMessage.clear(seg, at);
        DhcpMessage.setOp(seg, at, DhcpMessage.OP_REPLY);
        DhcpMessage.setHardware(seg, at, request.hardwareType, 6);
        DhcpMessage.setXid(seg, at, request.xid);
        // A relay must not unicast a NAK to an address that the client is not to use (RFC 2131, section 4.3.2).
        boolean broadcast = request.wantsBroadcast() || messageType == MessageType.NAK && request.giaddr != 0;
        DhcpMessage.setFlags(seg, at, broadcast ? DhcpMessage.FLAG_BROADCAST : 0);
        DhcpMessage.setGiaddr(seg, at, request.giaddr);
        DhcpMessage.setClientMac(seg, at, request.mac);

        putUint8(OptionCode.MESSAGE_TYPE, messageType);
        putUint32(OptionCode.SERVER_ID, subnet.server());
        return true;
    }

    /** The addresses of the fixed part; not called for a NAK, whose addresses are 0. */
    void addresses(int ciaddr, int yiaddr) {
        DhcpMessage.setCiaddr(seg, at, ciaddr);
        DhcpMessage.setYiaddr(seg, at, yiaddr);
    }

    /** Lease time, and the times to renew (half of it) and to rebind (seven eighths; RFC 2131, section 4.4.5). */
    void leaseTimes(long seconds) {
        putUint32(OptionCode.LEASE_TIME, (int) seconds);
        if (seconds != DhcpSubnet.INFINITE_LEASE) {
            putUint32(OptionCode.RENEWAL_TIME, (int) (seconds / 2));
            putUint32(OptionCode.REBINDING_TIME, (int) (seconds * 7 / 8));
        }
    }

    /** The client identifier as it came (RFC 6842, section 3). */
    void echoClientId(DhcpRequest request) {
        if (request.clientIdBytes > 0 && !request.clientIdCut) {
            put(small(OptionCode.CLIENT_ID, request.clientId, request.clientIdBytes), 2 + request.clientIdBytes);
        }
    }

    /** Why a NAK, for people. */
    void message(byte[] option) {
        put(option, option.length);
    }

    /**
     * The subnet mask, what the client asked for in its order, and the MTU whether asked for or not: a guest that does not
     * know the tunnel's MTU sends packets that cannot be forwarded.
     */
    void parameters(DhcpRequest request, ServedSubnet subnet, ServedSubnet.@Nullable Fixed fixed) {
        // The mask comes before the router, whatever the client's order (RFC 2132, section 3.3).
        parameter(OptionCode.SUBNET_MASK, subnet, fixed);
        if (request.parameterCount == 0) {
            for (int i = 0; i < SubnetOptions.unaskedCount(); i++) {
                parameter(SubnetOptions.unasked(i), subnet, fixed);
            }
        }
        for (int i = 0; i < request.parameterCount; i++) {
            parameter(request.parameters[i] & 0xff, subnet, fixed);
        }
        parameter(OptionCode.MTU, subnet, fixed);
    }

    private void parameter(int code, ServedSubnet subnet, ServedSubnet.@Nullable Fixed fixed) {
        if (!written.add(code)) {
            return;
        }
        byte[] option = subnet.options().get(code);
        if (code == OptionCode.HOSTNAME && fixed != null) {
            option = fixed.hostnameOption();
        }
        if (option != null) {
            put(option, option.length);
        }
    }

    /**
     * Ends the message and puts the headers before it.
     *
     * @return how many options found no room
     */
    int finish(Frame frame, DhcpRequest request, ServedSubnet subnet) {
        int overload = (fileNext > at + DhcpMessage.FILE_OFFSET ? OVERLOAD_FILE : 0)
                | (snameNext > at + DhcpMessage.SNAME_OFFSET ? OVERLOAD_SNAME : 0);
        if ((overload & OVERLOAD_FILE) != 0) {
            NetworkOrder.putU8(seg, fileNext, OptionCode.END);
        }
        if ((overload & OVERLOAD_SNAME) != 0) {
            NetworkOrder.putU8(seg, snameNext, OptionCode.END);
        }
        // The room for these three was kept free.
        end = seg.byteSize() > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) seg.byteSize();
        if (overload != 0) {
            putUint8(OptionCode.OVERLOAD, overload);
        }
        if (request.relayInformationBytes > 0) {
            // RFC 3046, section 2.2: echoed, and last.
            put(
                    small(OptionCode.RELAY_INFORMATION, request.relayInformation, request.relayInformationBytes),
                    2 + request.relayInformationBytes);
        }
        NetworkOrder.putU8(seg, next++, OptionCode.END);
        while (next < at + DhcpMessage.MIN_SENT_BYTES) {
            NetworkOrder.putU8(seg, next++, OptionCode.PAD);
        }
        headers(frame, request, subnet);
        return omitted;
    }

    /** RFC 2131, section 4.1: to the relay; else to the address that the client has; else as it can be reached. */
    private void headers(Frame frame, DhcpRequest request, ServedSubnet subnet) {
        int ciaddr = DhcpMessage.ciaddr(seg, at);
        int yiaddr = DhcpMessage.yiaddr(seg, at);
        int destination;
        // What a router passed on goes back to the router.
        long destinationMac = request.relayed ? request.ethernetSource : request.mac;
        int port = DhcpMessage.CLIENT_PORT;
        if (request.giaddr != 0) {
            destination = request.giaddr;
            port = DhcpMessage.SERVER_PORT;
        } else if (ciaddr != 0) {
            destination = ciaddr;
        } else if (yiaddr != 0 && !request.wantsBroadcast()) {
            destination = yiaddr;
        } else {
            destination = -1;
            destinationMac = MacAddress.BROADCAST;
        }
        int udpAt = at - UdpHeader.BYTES;
        int ipAt = udpAt - Ipv4Header.BYTES;
        int udpBytes = next - udpAt;
        EthernetHeader.setDestination(seg, frame.start(), destinationMac);
        EthernetHeader.setSource(seg, frame.start(), subnet.serverMac());
        Ipv4Header.write(
                seg,
                ipAt,
                0,
                Ipv4Header.BYTES + udpBytes,
                0,
                Ipv4Header.FLAG_DF,
                TTL,
                IpProtocol.UDP,
                subnet.server(),
                destination);
        UdpHeader.write(seg, udpAt, DhcpMessage.SERVER_PORT, port, udpBytes);
        Checksum.setTransport(seg, ipAt, IpProtocol.UDP, udpAt, udpBytes);
        frame.resize(next - frame.start());
        frame.setLayers(ipAt, udpAt);
        frame.clearOffload();
    }

    private void putUint8(int code, int value) {
        small[0] = (byte) code;
        small[1] = 1;
        small[2] = (byte) value;
        put(small, 3);
    }

    private void putUint32(int code, int value) {
        small[0] = (byte) code;
        small[1] = 4;
        small[2] = (byte) (value >>> 24);
        small[3] = (byte) (value >>> 16);
        small[4] = (byte) (value >>> 8);
        small[5] = (byte) value;
        put(small, 6);
    }

    private byte[] small(int code, byte[] value, int bytes) {
        small[0] = (byte) code;
        small[1] = (byte) bytes;
        System.arraycopy(value, 0, small, 2, bytes);
        return small;
    }

    /** An option in one of the three fields, whole. */
    private void put(byte[] option, int bytes) {
        written.add(option[0] & 0xff);
        if (bytes <= end - next) {
            next = copy(option, bytes, next);
        } else if (bytes < at + DhcpMessage.FILE_OFFSET + DhcpMessage.FILE_BYTES - fileNext) {
            fileNext = copy(option, bytes, fileNext);
        } else if (bytes < at + DhcpMessage.SNAME_OFFSET + DhcpMessage.SNAME_BYTES - snameNext) {
            snameNext = copy(option, bytes, snameNext);
        } else {
            omitted++;
        }
    }

    private int copy(byte[] option, int bytes, int to) {
        MemorySegment.copy(option, 0, seg, ValueLayout.JAVA_BYTE, to, bytes);
        return to + bytes;
    }

    /** Which option codes were written, one bit each. */
    private static final class SeenCodes {
        private final long[] bits = new long[4];

        void clear() {
            bits[0] = 0;
            bits[1] = 0;
            bits[2] = 0;
            bits[3] = 0;
        }

        /** False when it was there already. */
        boolean add(int code) {
            long bit = 1L << (code & 63);
            boolean fresh = (bits[code >>> 6] & bit) == 0;
            bits[code >>> 6] |= bit;
            return fresh;
        }
    }
}
