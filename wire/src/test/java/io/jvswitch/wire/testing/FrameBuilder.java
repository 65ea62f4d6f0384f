package io.jvswitch.wire.testing;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.tunnel.GeneveHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a frame header by header, outermost first; lengths, next-protocol fields and checksums fill in by themselves
 * when it is finished. Addresses are text.
 *
 * <pre>{@code
 * Frame frame = Frames.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
 *         .vlan(7)
 *         .ipv4("10.0.0.1", "10.0.0.2").dontFragment()
 *         .tcp(40000, 80).flags(TcpHeader.FLAG_SYN).mss(1460)
 *         .frame();
 * }</pre>
 *
 * <p>Modifiers apply to the header added last. {@link #poke} and {@link #truncate} spoil the finished bytes. The
 * methods that finish ({@link #frame()}, {@link #bytes()}, …) may be called more than once.
 */
public final class FrameBuilder {

    private record Patch(int at, String hex) {}

    private final FrameLayout layout = new FrameLayout();
    private final List<Patch> patches = new ArrayList<>();
    private int padTo;
    private int truncateTo = -1;
    private int gsoType;
    private int gsoSizeBytes;

    FrameBuilder() {}

    /** An Ethernet header; behind a tunnel header, the inner one. */
    public FrameBuilder ethernet(String source, String destination) {
        layout.announce(EtherType.TRANSPARENT_ETHERNET, -1);
        int at = layout.add(FrameLayout.Kind.LINK, EthernetHeader.BYTES, 12, 2);
        EthernetHeader.setSource(layout.seg(), at, MacAddress.parse(source).bits());
        EthernetHeader.setDestination(
                layout.seg(), at, MacAddress.parse(destination).bits());
        return this;
    }

    /** An 802.1Q tag with priority 0. */
    public FrameBuilder vlan(int vid) {
        return vlan(EtherType.VLAN, VlanTag.tciOf(0, false, vid));
    }

    /** A tag. */
    public FrameBuilder vlan(int tpid, int tci) {
        layout.announce(tpid, -1);
        // The TPID stands in the previous header's type field.
        int at = layout.add(FrameLayout.Kind.LINK, VlanTag.BYTES, 2, 2);
        VlanTag.setTci(layout.seg(), at - 2L, tci);
        return this;
    }

    /** The EtherType of a payload that has no builder here. */
    public FrameBuilder etherType(int type) {
        layout.announce(type, -1);
        return this;
    }

    public FrameBuilder arp(int operation, String senderMac, String senderIp, String targetMac, String targetIp) {
        layout.announce(EtherType.ARP, -1);
        int at = layout.add(FrameLayout.Kind.LINK, ArpPacket.BYTES, -1, 0);
        ArpPacket.write(
                layout.seg(),
                at,
                operation,
                MacAddress.parse(senderMac).bits(),
                IpAddress.parse(senderIp).ipv4(),
                MacAddress.parse(targetMac).bits(),
                IpAddress.parse(targetIp).ipv4());
        return this;
    }

    /** An IPv4 header with TTL 64 and identification 1. */
    public FrameBuilder ipv4(String source, String destination) {
        layout.announce(EtherType.IPV4, IpProtocol.IPV4);
        int at = layout.add(FrameLayout.Kind.IPV4, Ipv4Header.BYTES, 9, 1);
        int from = IpAddress.parse(source).ipv4();
        int to = IpAddress.parse(destination).ipv4();
        Ipv4Header.write(layout.seg(), at, 0, 0, 1, 0, 64, 0, from, to);
        return this;
    }

    /** IPv4: options, padded with zeros to whole words. */
    public FrameBuilder ipOptions(String hex) {
        int at = layout.last(FrameLayout.Kind.IPV4);
        layout.append(padded(Hex.bytes(hex)));
        Ipv4Header.setHeaderBytes(layout.seg(), at, layout.length() - at);
        return this;
    }

    public FrameBuilder identification(int identification) {
        Ipv4Header.setIdentification(layout.seg(), layout.last(FrameLayout.Kind.IPV4), identification);
        return this;
    }

    public FrameBuilder dontFragment() {
        Ipv4Header.setFlagsAndOffset(layout.seg(), layout.last(FrameLayout.Kind.IPV4), Ipv4Header.FLAG_DF);
        return this;
    }

    /** IPv4: makes it a fragment; {@code offsetBytes} is a multiple of 8. */
    public FrameBuilder fragment(int offsetBytes, boolean more) {
        Ipv4Header.setFlagsAndOffset(
                layout.seg(), layout.last(FrameLayout.Kind.IPV4), offsetBytes / 8 | (more ? Ipv4Header.FLAG_MF : 0));
        return this;
    }

    /** An IPv6 header with hop limit 64. */
    public FrameBuilder ipv6(String source, String destination) {
        layout.announce(EtherType.IPV6, IpProtocol.IPV6);
        int at = layout.add(FrameLayout.Kind.IPV6, Ipv6Header.BYTES, 6, 1);
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        Ipv6Header.write(layout.seg(), at, 0, 0, 0, IpProtocol.NO_NEXT_HEADER, 64);
        Ipv6Header.setSource(layout.seg(), at, from.hi(), from.lo());
        Ipv6Header.setDestination(layout.seg(), at, to.hi(), to.lo());
        return this;
    }

    /**
     * An IPv6 extension header of {@code protocol}; its length field comes from the body, whose size is 6 plus a
     * multiple of 8 (authentication header: 6 plus a multiple of 4).
     */
    public FrameBuilder extension(int protocol, String bodyHex) {
        layout.announce(-1, protocol);
        byte[] body = Hex.bytes(bodyHex);
        int at = layout.add(FrameLayout.Kind.EXTENSION, 2, 0, 1);
        NetworkOrder.putU8(layout.seg(), at, IpProtocol.NO_NEXT_HEADER);
        int units = protocol == IpProtocol.AH ? (body.length + 2) / 4 - 2 : (body.length + 2) / 8 - 1;
        NetworkOrder.putU8(layout.seg(), at + 1L, units);
        layout.append(body);
        return this;
    }

    /** An IPv6 fragment header; {@code offsetBytes} is a multiple of 8. */
    public FrameBuilder fragmentHeader(int offsetBytes, boolean more, int identification) {
        layout.announce(-1, IpProtocol.FRAGMENT);
        int at = layout.add(FrameLayout.Kind.EXTENSION, 8, 0, 1);
        NetworkOrder.putU8(layout.seg(), at, IpProtocol.NO_NEXT_HEADER);
        NetworkOrder.putU16(layout.seg(), at + 2L, offsetBytes | (more ? 1 : 0));
        NetworkOrder.putInt(layout.seg(), at + 4L, identification);
        return this;
    }

    /** TTL of IPv4, hop limit of IPv6. */
    public FrameBuilder ttl(int ttl) {
        FrameLayout.Layer ip = layout.lastIp();
        if (ip.kind() == FrameLayout.Kind.IPV4) {
            Ipv4Header.setTtl(layout.seg(), ip.at(), ttl);
        } else {
            Ipv6Header.setHopLimit(layout.seg(), ip.at(), ttl);
        }
        return this;
    }

    /** Type of service of IPv4, traffic class of IPv6: DSCP and ECN. */
    public FrameBuilder tos(int tos) {
        FrameLayout.Layer ip = layout.lastIp();
        if (ip.kind() == FrameLayout.Kind.IPV4) {
            Ipv4Header.setTos(layout.seg(), ip.at(), tos);
        } else {
            Ipv6Header.setTrafficClass(layout.seg(), ip.at(), tos);
        }
        return this;
    }

    /** Flow label of IPv6. */
    public FrameBuilder flowLabel(int label) {
        Ipv6Header.setFlowLabel(layout.seg(), layout.last(FrameLayout.Kind.IPV6), label);
        return this;
    }

    /** The protocol of an IP payload that has no builder here. */
    public FrameBuilder protocol(int protocol) {
        layout.announce(-1, protocol);
        return this;
    }

    public FrameBuilder udp(int sourcePort, int destinationPort) {
        layout.announce(-1, IpProtocol.UDP);
        int at = layout.add(FrameLayout.Kind.UDP, UdpHeader.BYTES, -1, 0);
        UdpHeader.write(layout.seg(), at, sourcePort, destinationPort, 0);
        return this;
    }

    /** UDP: leaves the checksum 0. */
    public FrameBuilder withoutChecksum() {
        layout.leaveWithoutChecksum(layout.last(FrameLayout.Kind.UDP));
        return this;
    }

    /** A TCP header with ACK set, sequence and acknowledgment number 1 and window 65535. */
    public FrameBuilder tcp(int sourcePort, int destinationPort) {
        layout.announce(-1, IpProtocol.TCP);
        int at = layout.add(FrameLayout.Kind.TCP, TcpHeader.BYTES, -1, 0);
        TcpHeader.setSourcePort(layout.seg(), at, sourcePort);
        TcpHeader.setDestinationPort(layout.seg(), at, destinationPort);
        TcpHeader.setSequence(layout.seg(), at, 1);
        TcpHeader.setAcknowledgment(layout.seg(), at, 1);
        TcpHeader.setHeaderBytesAndFlags(layout.seg(), at, TcpHeader.BYTES, TcpHeader.FLAG_ACK);
        TcpHeader.setWindow(layout.seg(), at, 0xffff);
        return this;
    }

    public FrameBuilder flags(int flags) {
        TcpHeader.setFlags(layout.seg(), layout.last(FrameLayout.Kind.TCP), flags);
        return this;
    }

    public FrameBuilder sequence(int sequence, int acknowledgment) {
        TcpHeader.setSequence(layout.seg(), layout.last(FrameLayout.Kind.TCP), sequence);
        TcpHeader.setAcknowledgment(layout.seg(), layout.last(FrameLayout.Kind.TCP), acknowledgment);
        return this;
    }

    /** TCP: options, padded with zeros (end of options) to whole words. */
    public FrameBuilder tcpOptions(String hex) {
        int at = layout.last(FrameLayout.Kind.TCP);
        layout.append(padded(Hex.bytes(hex)));
        TcpHeader.setHeaderBytesAndFlags(layout.seg(), at, layout.length() - at, TcpHeader.flags(layout.seg(), at));
        return this;
    }

    /** TCP: the maximum segment size option. */
    public FrameBuilder mss(int bytes) {
        return tcpOptions("0204 " + String.format("%04x", bytes));
    }

    /** An ICMP header (8 bytes); {@code rest} is its second word. */
    public FrameBuilder icmp(int type, int code, int rest) {
        layout.announce(-1, IpProtocol.ICMP);
        int at = layout.add(FrameLayout.Kind.ICMP, IcmpHeader.BYTES, -1, 0);
        IcmpHeader.write(layout.seg(), at, type, code, rest);
        return this;
    }

    /** An ICMPv6 header and the first word of its body (8 bytes). */
    public FrameBuilder icmpv6(int type, int code, int rest) {
        layout.announce(-1, IpProtocol.ICMPV6);
        int at = layout.add(FrameLayout.Kind.ICMPV6, Icmpv6Header.MESSAGE_BYTES, -1, 0);
        Icmpv6Header.write(layout.seg(), at, type, code, rest);
        return this;
    }

    /**
     * A neighbour solicitation, with the source link-layer option unless {@code sourceMac} is null. Sets the hop limit
     * to 255.
     */
    public FrameBuilder neighbourSolicitation(String target, @Nullable String sourceMac) {
        int option = NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER;
        return neighbour(Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION, 0, target, option, sourceMac);
    }

    /**
     * A neighbour advertisement, with the target link-layer option unless {@code targetMac} is null. Sets the hop limit
     * to 255.
     */
    public FrameBuilder neighbourAdvertisement(String target, int flags, @Nullable String targetMac) {
        int option = NeighbourDiscovery.OPTION_TARGET_LINK_LAYER;
        return neighbour(Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT, flags, target, option, targetMac);
    }

    private FrameBuilder neighbour(int type, int flags, String target, int option, @Nullable String mac) {
        ttl(NeighbourDiscovery.HOP_LIMIT);
        layout.announce(-1, IpProtocol.ICMPV6);
        int at = layout.add(FrameLayout.Kind.ICMPV6, NeighbourDiscovery.BYTES, -1, 0);
        IpAddress address = IpAddress.parse(target);
        NeighbourDiscovery.write(layout.seg(), at, type, flags, address.hi(), address.lo());
        if (mac != null) {
            layout.append(new byte[NeighbourDiscovery.LINK_LAYER_OPTION_BYTES]);
            long optionAt = at + (long) NeighbourDiscovery.BYTES;
            NeighbourDiscovery.writeLinkLayerOption(
                    layout.seg(), optionAt, option, MacAddress.parse(mac).bits());
        }
        return this;
    }

    public FrameBuilder sctp(int sourcePort, int destinationPort, int verificationTag) {
        layout.announce(-1, IpProtocol.SCTP);
        int at = layout.add(FrameLayout.Kind.SCTP, SctpHeader.BYTES, -1, 0);
        SctpHeader.setSourcePort(layout.seg(), at, sourcePort);
        SctpHeader.setDestinationPort(layout.seg(), at, destinationPort);
        SctpHeader.setVerificationTag(layout.seg(), at, verificationTag);
        return this;
    }

    public FrameBuilder vxlan(int vni) {
        int at = layout.add(FrameLayout.Kind.TUNNEL, VxlanHeader.BYTES, -1, 0);
        VxlanHeader.write(layout.seg(), at, vni);
        return this;
    }

    /** A GRE header; {@code flags} are {@link GreHeader}'s, of which the checksum is computed when it is asked for. */
    public FrameBuilder gre(int flags, long key, int sequence) {
        layout.announce(-1, IpProtocol.GRE);
        int at = layout.add(FrameLayout.Kind.GRE, GreHeader.headerBytes(flags), 2, 2);
        GreHeader.write(layout.seg(), at, flags, 0, key, sequence);
        return this;
    }

    /** A GRE header with a key and nothing else. */
    public FrameBuilder greKey(long key) {
        return gre(GreHeader.FLAG_KEY, key, 0);
    }

    /** A Geneve header with options as they are given. */
    public FrameBuilder geneve(int vni, String optionsHex) {
        byte[] options = Hex.bytes(optionsHex);
        int at = layout.add(FrameLayout.Kind.TUNNEL, GeneveHeader.BYTES, 2, 2);
        GeneveHeader.write(layout.seg(), at, options.length, false, 0, vni);
        layout.append(options);
        return this;
    }

    /** A DHCP message of the client {@code mac}; {@code optionsHex} stands behind the cookie as it is given. */
    public FrameBuilder dhcp(int op, int xid, String mac, String optionsHex) {
        int at = layout.length();
        layout.append(new byte[DhcpMessage.BYTES]);
        DhcpMessage.clear(layout.seg(), at);
        DhcpMessage.setOp(layout.seg(), at, op);
        DhcpMessage.setHardware(layout.seg(), at, DhcpMessage.HARDWARE_ETHERNET, 6);
        DhcpMessage.setXid(layout.seg(), at, xid);
        DhcpMessage.setClientMac(layout.seg(), at, MacAddress.parse(mac).bits());
        layout.append(Hex.bytes(optionsHex));
        return this;
    }

    /** Payload: 0, 1, 2, … */
    public FrameBuilder payload(int bytes) {
        byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) i;
        }
        return payload(payload);
    }

    public FrameBuilder payload(String hex) {
        return payload(Hex.bytes(hex));
    }

    public FrameBuilder payload(byte[] bytes) {
        layout.append(bytes);
        return this;
    }

    /** Ethernet padding (zeros) behind the packet, up to {@code bytes} in all. */
    public FrameBuilder padTo(int bytes) {
        padTo = bytes;
        return this;
    }

    /** Spoils the checksum of the innermost TCP, UDP or ICMP header. */
    public FrameBuilder badChecksum() {
        layout.spoilChecksum(layout.lastTransport().at());
        return this;
    }

    /** Leaves the checksum of the innermost TCP or UDP header partial, as a guest with checksum offload does. */
    public FrameBuilder partialChecksum() {
        layout.leavePartial(layout.lastTransport().at());
        return this;
    }

    /**
     * Makes it a superframe: one of {@link Frame}'s GSO types, and payload bytes a segment. Its checksum becomes
     * partial.
     */
    public FrameBuilder gso(int type, int sizeBytes) {
        gsoType = type;
        gsoSizeBytes = sizeBytes;
        return partialChecksum();
    }

    /** Overwrites finished bytes, from the frame's first byte on. */
    public FrameBuilder poke(int at, String hex) {
        patches.add(new Patch(at, hex));
        return this;
    }

    /** Cuts the finished frame to its first {@code bytes}. */
    public FrameBuilder truncate(int bytes) {
        truncateTo = bytes;
        return this;
    }

    /** The finished bytes. */
    public byte[] bytes() {
        byte[] finished = layout.finish();
        byte[] bytes = Arrays.copyOf(finished, Math.max(finished.length, padTo));
        for (Patch patch : patches) {
            byte[] patched = Hex.bytes(patch.hex);
            System.arraycopy(patched, 0, bytes, patch.at, patched.length);
        }
        return truncateTo < 0 ? bytes : Arrays.copyOf(bytes, Math.min(truncateTo, bytes.length));
    }

    /** The finished bytes as text. */
    public String hex() {
        return Hex.text(bytes());
    }

    /** A frame in memory of its own, with headroom before it and 128 bytes behind it. */
    public Frame frame() {
        return describe(Hex.frame(bytes(), 128));
    }

    /**
     * A frame of a pool.
     *
     * @throws IllegalStateException when the pool is empty
     */
    public Frame frame(FramePool pool) {
        Frame frame = pool.take();
        if (frame == null) {
            throw new IllegalStateException("the pool is empty");
        }
        return into(frame);
    }

    /** Clears a frame and becomes its content. */
    public Frame into(Frame frame) {
        Hex.fill(frame, bytes());
        return describe(frame);
    }

    private Frame describe(Frame frame) {
        if (layout.partialAt() >= 0) {
            FrameLayout.Layer transport = layout.lastTransport();
            int protocol = transport.kind() == FrameLayout.Kind.TCP ? IpProtocol.TCP : IpProtocol.UDP;
            frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + layout.partialAt(), Checksum.offsetIn(protocol));
            if (gsoSizeBytes > 0) {
                int transportBytes = transport.kind() == FrameLayout.Kind.TCP
                        ? TcpHeader.headerBytes(layout.seg(), transport.at())
                        : UdpHeader.BYTES;
                frame.setGso(gsoType, gsoSizeBytes, transport.at() + transportBytes);
            }
        }
        return frame;
    }

    private static byte[] padded(byte[] options) {
        return Arrays.copyOf(options, (options.length + 3) / 4 * 4);
    }
}
