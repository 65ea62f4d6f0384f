package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reply over the request in a frame: Ethernet (tags kept), IPv4, UDP, the fixed part and the options, with all
 * checksums. {@link ReplyOptions} lays out the options. One instance is reused forevery reply; nothing is allocated.
 * Single-threaded.
 */
final class ReplyWriter {

    /** Ethernet's MTU: no reply is longer, whatever the client would accept. */
    private static final int MAX_DATAGRAM_BYTES = 1500;

    private static final int HEADERS_BYTES = Ipv4Header.BYTES + UdpHeader.BYTES;
    private static final int TTL = 64;
    /** UEFI's HTTP clients accept replies with this vendor class (UEFI 2.10, section 24.7.3). */
    private static final byte[] HTTP_CLIENT =
            OptionEncoding.option(OptionCode.VENDOR_CLASS, DhcpRequest.HTTP_CLIENT_CLASS);

    private final ReplyOptions options = new ReplyOptions();

    private MemorySegment seg = MemorySegment.NULL;
    private int at;
    private int next;
    private int optionsRoom;
    private int fileRoom;
    private int snameRoom;
    private int omitted;
    private int maxBytes;

    /**
     * Begins a reply to {@code request}, whose frame is overwritten from its network header on.
     *
     * @return false when the frame's buffer has no room for any reply; it is then unchanged
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
        // Each field ends with an end option of one byte.
        optionsRoom = most - DhcpMessage.BYTES - relayBytes - 1;
        fileRoom = DhcpMessage.FILE_BYTES - 1;
        snameRoom = DhcpMessage.SNAME_BYTES - 1;
        omitted = 0;
        maxBytes = most + HEADERS_BYTES;
        options.clear();

        DhcpMessage.clear(seg, at);
        DhcpMessage.setOp(seg, at, DhcpMessage.OP_REPLY);
        DhcpMessage.setHardware(seg, at, request.hardwareType, 6);
        DhcpMessage.setXid(seg, at, request.xid);
        // A relay must not unicast a NAK to an address that the client must not use (RFC 2131, section 4.3.2).
        boolean broadcast = request.wantsBroadcast() || messageType == MessageType.NAK && request.giaddr != 0;
        DhcpMessage.setFlags(seg, at, broadcast ? DhcpMessage.FLAG_BROADCAST : 0);
        DhcpMessage.setGiaddr(seg, at, request.giaddr);
        DhcpMessage.setClientMac(seg, at, request.mac);

        options.addUint8(OptionCode.MESSAGE_TYPE, messageType);
        options.addUint32(OptionCode.SERVER_ID, subnet.server());
        return true;
    }

    /** Writes the addresses of the fixed part; not called for a NAK, whose addresses are 0. */
    void addresses(int ciaddr, int yiaddr) {
        DhcpMessage.setCiaddr(seg, at, ciaddr);
        DhcpMessage.setYiaddr(seg, at, yiaddr);
    }

    /** Adds lease time, and the times to renew (half of it) and to rebind (seven eighths; RFC 2131, section 4.4.5). */
    void leaseTimes(long seconds) {
        options.addUint32(OptionCode.LEASE_TIME, (int) seconds);
        if (seconds != DhcpSubnet.INFINITE_LEASE) {
            options.addUint32(OptionCode.RENEWAL_TIME, (int) (seconds / 2));
            options.addUint32(OptionCode.REBINDING_TIME, (int) (seconds * 7 / 8));
        }
    }

    /** Echoes the client identifier as it was received (RFC 6842, section 3). */
    void echoClientId(DhcpRequest request) {
        if (request.clientIdBytes > 0 && !request.clientIdCut) {
            options.addBytes(OptionCode.CLIENT_ID, request.clientId, request.clientIdBytes);
        }
    }

    /** Adds the reason for a NAK, for people. */
    void message(byte[] option) {
        options.add(option);
    }

    /**
     * Writes what to boot from into the fields meant for it; the corresponding options are among the {@link
     * #parameters}. Clients that do not boot ignore it.
     */
    private void boot(BootFiles boot, BootFiles.@Nullable BootFile file) {
        DhcpMessage.setSiaddr(seg, at, boot.nextServer());
        byte[] name = boot.serverName();
        if (name != null) {
            MemorySegment.copy(name, 0, seg, ValueLayout.JAVA_BYTE, at + DhcpMessage.SNAME_OFFSET, name.length);
            snameRoom = 0;
        }
        byte[] field = file == null ? null : file.field();
        if (field != null) {
            MemorySegment.copy(field, 0, seg, ValueLayout.JAVA_BYTE, at + DhcpMessage.FILE_OFFSET, field.length);
            fileRoom = 0;
        }
    }

    /**
     * Adds the subnet mask, what the client asked for in its order, and the MTU whether asked for or not: a guest that
     * does not know the tunnel's MTU sends packets that cannot be forwarded.
     */
    void parameters(DhcpRequest request, ServedSubnet subnet, ServedSubnet.@Nullable Fixed fixed) {
        BootFiles boot = subnet.boot();
        BootFiles.BootFile file = boot == null ? null : boot.choose(request);
        if (boot != null) {
            boot(boot, file);
        }
        if (file != null && request.httpClient) {
            options.add(HTTP_CLIENT);
            options.add(file.option());
        }
        // The mask comes before the router, whatever the client's order (RFC 2132, section 3.3).
        parameter(OptionCode.SUBNET_MASK, subnet, fixed, file);
        if (request.parameterCount == 0) {
            for (int i = 0; i < SubnetOptions.defaultCount(); i++) {
                parameter(SubnetOptions.defaultCode(i), subnet, fixed, file);
            }
        }
        for (int i = 0; i < request.parameterCount; i++) {
            parameter(request.parameters[i] & 0xff, subnet, fixed, file);
        }
        parameter(OptionCode.MTU, subnet, fixed, file);
        for (int i = 0; i < subnet.options().alwaysCount(); i++) {
            parameter(subnet.options().always(i), subnet, fixed, file);
        }
    }

    private void parameter(
            int code, ServedSubnet subnet, ServedSubnet.@Nullable Fixed fixed, BootFiles.@Nullable BootFile file) {
        byte[] option = subnet.options().get(code);
        if (code == OptionCode.HOSTNAME && fixed != null) {
            option = fixed.hostnameOption();
        } else if (code == OptionCode.BOOT_FILE && file != null) {
            option = file.option();
        }
        if (option != null) {
            options.add(option);
        }
    }

    /**
     * Ends the message and writes the headers before it.
     *
     * @return how many options did not fit; {@link #omittedOptions} names them
     */
    int finish(Frame frame, DhcpRequest request, ServedSubnet subnet) {
        boolean maySplit = request.joinsSplitOptions();
        omitted = options.arrange(optionsRoom, fileRoom, snameRoom, maySplit);
        if (omitted > 0 && fileRoom == 0 && options.contains(OptionCode.BOOT_FILE)) {
            // The client asked for the file's name as an option: the field can hold others.
            seg.asSlice(at + DhcpMessage.FILE_OFFSET, DhcpMessage.FILE_BYTES).fill((byte) 0);
            omitted = options.arrange(optionsRoom, DhcpMessage.FILE_BYTES - 1, snameRoom, maySplit);
        }
        next = options.write(seg, at);
        if (request.relayInformationBytes > 0) {
            // RFC 3046, section 2.2: echoed, and last.
            NetworkOrder.putU8(seg, next++, OptionCode.RELAY_INFORMATION);
            NetworkOrder.putU8(seg, next++, request.relayInformationBytes);
            MemorySegment.copy(
                    request.relayInformation, 0, seg, ValueLayout.JAVA_BYTE, next, request.relayInformationBytes);
            next += request.relayInformationBytes;
        }
        NetworkOrder.putU8(seg, next++, OptionCode.END);
        while (next < at + DhcpMessage.MIN_SENT_BYTES) {
            NetworkOrder.putU8(seg, next++, OptionCode.PAD);
        }
        headers(frame, request, subnet);
        return omitted;
    }

    /** Maximum size of the last reply's IP datagram. */
    int maxBytes() {
        return maxBytes;
    }

    /** The numbers of the options that did not fit the last reply, for people. */
    String omittedOptions() {
        StringJoiner numbers = new StringJoiner(", ");
        for (int i = 0; i < options.count() && omitted > 0; i++) {
            if (options.isOmitted(i)) {
                numbers.add(Integer.toString(options.codeAt(i)));
            }
        }
        return numbers.toString();
    }

    /**
     * RFC 2131, section 4.1: to the relay; else to the client's address; else by unicast or broadcast, as the client
     * can receive.
     */
    private void headers(Frame frame, DhcpRequest request, ServedSubnet subnet) {
        int ciaddr = DhcpMessage.ciaddr(seg, at);
        int yiaddr = DhcpMessage.yiaddr(seg, at);
        int destination;
        // A message that a router forwarded goes back to the router.
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
}
