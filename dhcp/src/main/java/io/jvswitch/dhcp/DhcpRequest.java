package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.EthernetPayload;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What a client's message says, copied from the frame so that the reply can overwrite it. One instance is reused
 * forevery request; nothing is allocated.
 */
final class DhcpRequest {

    /** Maximum length kept of client identifier, parameter request list, host name and relay information. */
    static final int MAX_VALUE_BYTES = 255;

    /** Maximum length kept of a host name: the longest label (RFC 1035, section 2.3.4). */
    static final int MAX_HOSTNAME_BYTES = 63;

    /** {@link #requestedLeaseSeconds}: the client did not say. */
    static final long NO_LEASE_TIME = -1;

    /** Every host must accept IP datagrams of this size, and option 57 must not be smaller (RFC 2132, section 9.10). */
    static final int MIN_MESSAGE_BYTES = 576;

    private static final int HARDWARE_ADDRESS_BYTES = 6;
    private static final byte[] IPXE_CLASS = {'i', 'P', 'X', 'E'};
    /** The beginning of an HTTP client's vendor class. */
    static final byte[] HTTP_CLIENT_CLASS = "HTTPClient".getBytes(StandardCharsets.US_ASCII);

    /** Sub-option of option 82 (RFC 3527). */
    private static final int LINK_SELECTION = 5;

    // Offsets in the frame
    int ipAt;
    int inPort;
    /** The port's name, set by whoever parses the message. */
    String portName = "";

    long ethernetSource;
    int ipDestination;

    // The fixed part
    int xid;
    int flags;
    int ciaddr;
    int giaddr;
    /**
     * An address of the subnet that the client is in: the relay's, unless the relay names another one (RFC 3527); 0
     * without a relay.
     */
    int linkAddress;

    long mac;
    /** The hardware type that the client says it has: {@link DhcpMessage#HARDWARE_ETHERNET} or IEEE 802. */
    int hardwareType;

    // Options
    int messageType;
    boolean hasRequestedIp;
    int requestedIp;
    boolean hasServerId;
    int serverId;
    long requestedLeaseSeconds;
    int maxMessageBytes;
    /** Whether the client is iPXE, which can do more than the boot firmware that may have loaded it. */
    boolean ipxe;
    /** Whether the client boots by HTTP, as UEFI firmware can. */
    boolean httpClient;
    /** The client's architecture (option 93), or -1. */
    int architecture;

    /** Option 61 as received. */
    final byte[] clientId = new byte[MAX_VALUE_BYTES];

    int clientIdBytes;
    /** Whether the client's identifier is longer than the part that is kept. */
    boolean clientIdCut;

    final byte[] parameters = new byte[MAX_VALUE_BYTES];
    int parameterCount;
    /** The client's host name: letters, digits, dots, dashes and underscores. */
    final byte[] hostname = new byte[MAX_HOSTNAME_BYTES];

    int hostnameBytes;
    private boolean hostnameCut;
    final byte[] relayInformation = new byte[MAX_VALUE_BYTES];
    int relayInformationBytes;
    private boolean hasRelayInformation;

    /** Who the client is: option 61, or hardware type and address (RFC 2131, section 4.2). */
    final byte[] identity = new byte[MAX_VALUE_BYTES];

    int identityBytes;
    /** Whether the MAC address is part of the identity; {@link Allocator#find} decides. */
    boolean identityWithMac;
    /** Whether a port that may relay passed the message on; set by {@link #acceptFrom}. */
    boolean relayed;

    /**
     * Parses a frame.
     *
     * <p>If an option is given twice, the first counts; of one that is too long, the beginning counts; one that is too
     * short counts as absent: all as in dnsmasq.
     *
     * @return false when it is not an intact DHCP or BOOTP request of an Ethernet client: it may be cut short, or have
     *     a wrong checksum
     */
    boolean parse(Frame frame) {
        MemorySegment seg = frame.segment();
        int etherAt = frame.start();
        int end = frame.end();
        inPort = frame.inPort();
        if (EthernetHeader.check(seg, etherAt, frame.length()) != null) {
            return false;
        }
        ethernetSource = EthernetHeader.source(seg, etherAt);
        int at = EthernetPayload.behindTags(seg, etherAt, end);
        if (at == EthernetPayload.NONE
                || EthernetPayload.type(seg, at) != EtherType.IPV4
                || Ipv4Header.check(seg, at, end - at) != null) {
            return false;
        }
        ipAt = at;
        ipDestination = Ipv4Header.destination(seg, at);
        if (Ipv4Header.protocol(seg, at) != IpProtocol.UDP
                || Ipv4Header.isFragment(seg, at)
                || !Ipv4Header.checksumIsValid(seg, at)) {
            return false;
        }
        int udpAt = at + Ipv4Header.headerBytes(seg, at);
        if (UdpHeader.check(seg, udpAt, Ipv4Header.payloadBytes(seg, at)) != null
                || UdpHeader.destinationPort(seg, udpAt) != DhcpMessage.SERVER_PORT) {
            return false;
        }
        int udpBytes = UdpHeader.length(seg, udpAt);
        if (frame.checksumState() == Frame.CSUM_UNKNOWN
                && !Checksum.transportIsValid(seg, at, IpProtocol.UDP, udpAt, udpBytes)) {
            return false;
        }
        return parseMessage(seg, udpAt + UdpHeader.BYTES, udpBytes - UdpHeader.BYTES);
    }

    private boolean parseMessage(MemorySegment seg, long at, int length) {
        if (DhcpMessage.check(seg, at, length) != null
                || DhcpMessage.op(seg, at) != DhcpMessage.OP_REQUEST
                || !isEthernet(DhcpMessage.htype(seg, at))
                || DhcpMessage.hlen(seg, at) != HARDWARE_ADDRESS_BYTES) {
            return false;
        }
        hardwareType = DhcpMessage.htype(seg, at);
        xid = DhcpMessage.xid(seg, at);
        flags = DhcpMessage.flags(seg, at);
        ciaddr = DhcpMessage.ciaddr(seg, at);
        giaddr = DhcpMessage.giaddr(seg, at);
        mac = DhcpMessage.clientMac(seg, at);
        if (mac == 0 || MacAddress.isMulticast(mac)) {
            return false;
        }
        clearOptions();
        for (long option = DhcpMessage.firstOption(seg, at, length);
                option >= 0;
                option = DhcpMessage.nextOption(seg, at, length, option)) {
            if (!parseOption(seg, option)) {
                return false;
            }
        }
        tidyHostname();
        identify();
        linkAddress = giaddr == 0 ? 0 : linkSelection(giaddr);
        return true;
    }

    private static boolean isEthernet(int hardwareType) {
        return hardwareType == DhcpMessage.HARDWARE_ETHERNET || hardwareType == DhcpMessage.HARDWARE_IEEE_802;
    }

    private void clearOptions() {
        messageType = 0;
        hasRequestedIp = false;
        requestedIp = 0;
        hasServerId = false;
        serverId = 0;
        requestedLeaseSeconds = NO_LEASE_TIME;
        maxMessageBytes = 0;
        ipxe = false;
        httpClient = false;
        architecture = -1;
        clientIdBytes = 0;
        clientIdCut = false;
        parameterCount = 0;
        hostnameBytes = 0;
        hostnameCut = false;
        relayInformationBytes = 0;
        hasRelayInformation = false;
    }

    private boolean parseOption(MemorySegment seg, long optionAt) {
        int length = DhcpMessage.optionLength(seg, optionAt);
        long valueAt = optionAt + DhcpMessage.OPTION_VALUE_OFFSET;
        switch (DhcpMessage.optionCode(seg, optionAt)) {
            case OptionCode.MESSAGE_TYPE -> {
                if (messageType == 0 && length >= 1) {
                    messageType = NetworkOrder.getU8(seg, valueAt);
                    return messageType != 0;
                }
            }
            case OptionCode.REQUESTED_ADDRESS -> {
                if (!hasRequestedIp && length >= Integer.BYTES) {
                    hasRequestedIp = true;
                    requestedIp = NetworkOrder.getInt(seg, valueAt);
                }
            }
            case OptionCode.SERVER_ID -> {
                if (!hasServerId && length >= Integer.BYTES) {
                    hasServerId = true;
                    serverId = NetworkOrder.getInt(seg, valueAt);
                }
            }
            case OptionCode.LEASE_TIME -> {
                if (requestedLeaseSeconds == NO_LEASE_TIME && length >= Integer.BYTES) {
                    requestedLeaseSeconds = NetworkOrder.getU32(seg, valueAt);
                }
            }
            case OptionCode.MAX_MESSAGE_SIZE -> {
                if (maxMessageBytes == 0 && length >= Short.BYTES) {
                    // A value smaller than allowed counts as absent.
                    maxMessageBytes = Math.max(NetworkOrder.getU16(seg, valueAt), MIN_MESSAGE_BYTES);
                }
            }
            case OptionCode.CLIENT_ID -> {
                clientIdCut |= clientIdBytes + length > MAX_VALUE_BYTES;
                clientIdBytes = append(seg, valueAt, length, clientId, clientIdBytes);
            }
            case OptionCode.PARAMETER_LIST -> parameterCount = append(seg, valueAt, length, parameters, parameterCount);
            case OptionCode.HOSTNAME -> {
                hostnameCut |= hostnameBytes + length > MAX_HOSTNAME_BYTES;
                hostnameBytes = append(seg, valueAt, length, hostname, hostnameBytes);
            }
            case OptionCode.RELAY_INFORMATION -> {
                hasRelayInformation = true;
                // An agent that gets back less than it sent cannot deliver the reply, so it is kept whole or not at
                // all.
                if (relayInformationBytes + length > MAX_VALUE_BYTES) {
                    return false;
                }
                relayInformationBytes = append(seg, valueAt, length, relayInformation, relayInformationBytes);
            }
            case OptionCode.USER_CLASS -> ipxe |= isIpxe(seg, valueAt, length);
            case OptionCode.VENDOR_CLASS ->
                httpClient |= length >= HTTP_CLIENT_CLASS.length && begins(seg, valueAt, HTTP_CLIENT_CLASS);
            case OptionCode.ARCHITECTURE -> {
                if (architecture < 0 && length >= Short.BYTES) {
                    architecture = NetworkOrder.getU16(seg, valueAt);
                }
            }
            default -> {
                // not for us
            }
        }
        return true;
    }

    /** iPXE sends its class without a length; RFC 3004 demands a length before each class. */
    private static boolean isIpxe(MemorySegment seg, long valueAt, int length) {
        if (length == IPXE_CLASS.length && begins(seg, valueAt, IPXE_CLASS)) {
            return true;
        }
        int at = 0;
        while (at < length) {
            int bytes = NetworkOrder.getU8(seg, valueAt + at);
            if (bytes == IPXE_CLASS.length && at + 1 + bytes <= length && begins(seg, valueAt + at + 1, IPXE_CLASS)) {
                return true;
            }
            at += 1 + bytes;
        }
        return false;
    }

    private static boolean begins(MemorySegment seg, long at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (NetworkOrder.getU8(seg, at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** The address by which the relay selects the client's subnet, or else {@code other}. */
    private int linkSelection(int other) {
        int at = 0;
        while (at + 2 <= relayInformationBytes) {
            int bytes = relayInformation[at + 1] & 0xff;
            if (relayInformation[at] == LINK_SELECTION
                    && bytes == Integer.BYTES
                    && at + 2 + bytes <= relayInformationBytes) {
                int address = 0;
                for (int i = 0; i < Integer.BYTES; i++) {
                    address = address << 8 | relayInformation[at + 2 + i] & 0xff;
                }
                return address;
            }
            at += 2 + bytes;
        }
        return other;
    }

    /**
     * Whether the client joins options that come in pieces: one that asks for an option that may need it must (RFC
     * 3396, section 5; RFC 3397, section 2; RFC 3442).
     */
    boolean joinsSplitOptions() {
        for (int i = 0; i < parameterCount; i++) {
            int code = parameters[i] & 0xff;
            if (code == OptionCode.CLASSLESS_ROUTES || code == OptionCode.DOMAIN_SEARCH) {
                return true;
            }
        }
        return false;
    }

    /** Appends as much as fits of one piece of an option (RFC 3396) and returns the new length. */
    private static int append(MemorySegment seg, long at, int length, byte[] to, int toAt) {
        int fits = Math.min(length, to.length - toAt);
        MemorySegment.copy(seg, ValueLayout.JAVA_BYTE, at, to, toAt, fits);
        return toAt + fits;
    }

    /**
     * Makes the name fit to be shown and stored: without the zero bytes that some clients append (RFC 2132, section 2)
     * and the trailing dot, and with a dash for each byte that is not allowed in a name. A name that was too long is
     * cut to whole labels; one without a letter or digit is dropped.
     */
    private void tidyHostname() {
        while (hostnameBytes > 0 && hostname[hostnameBytes - 1] == 0) {
            hostnameBytes--;
        }
        if (hostnameCut && hostnameBytes == MAX_HOSTNAME_BYTES) {
            int dot = hostnameBytes - 1;
            while (dot > 0 && hostname[dot] != '.') {
                dot--;
            }
            hostnameBytes = dot > 0 ? dot : hostnameBytes;
        }
        if (hostnameBytes > 0 && hostname[hostnameBytes - 1] == '.') {
            hostnameBytes--;
        }
        boolean named = false;
        for (int i = 0; i < hostnameBytes; i++) {
            hostname[i] = Lease.sanitised(hostname[i]);
            named |= Character.isLetterOrDigit(hostname[i]);
        }
        if (!named) {
            hostnameBytes = 0;
        }
    }

    /**
     * A client identifier of one byte contains only a type and identifies nobody (RFC 2132, section 9.14: minimum
     * length 2). Type 1 with the hardware address results in the same identity as no identifier: a machine's boot
     * loader and operating system often differ in just that.
     */
    private void identify() {
        if (clientIdBytes >= 2) {
            System.arraycopy(clientId, 0, identity, 0, clientIdBytes);
            identityBytes = clientIdBytes;
            return;
        }
        identity[0] = DhcpMessage.HARDWARE_ETHERNET;
        for (int i = 0; i < HARDWARE_ADDRESS_BYTES; i++) {
            identity[1 + i] = (byte) (mac >>> 40 - 8 * i);
        }
        identityBytes = 1 + HARDWARE_ADDRESS_BYTES;
    }

    /**
     * Whether a port may send this: anything on its own behalf, and others' requests if it is trusted to relay. A
     * client behind a relay that has an address sends requests to us directly, and then the frame comes from the
     * router.
     */
    boolean acceptFrom(DhcpPort port) {
        relayed = giaddr != 0 || hasRelayInformation || ethernetSource != mac && ciaddr != 0;
        return !relayed || port.relays();
    }

    /** Whether the client cannot take unicast before it has its address (RFC 2131, section 4.1). */
    boolean wantsBroadcast() {
        return (flags & DhcpMessage.FLAG_BROADCAST) != 0;
    }
}
