package io.jvswitch.datapath.rewrite;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A packet of a kind, given by the values of its header fields, and built from them header by header. */
final class Packet {

    /** What stands behind the Ethernet header. */
    enum Kind {
        TCP4,
        TCP6,
        UDP4,
        UDP4_WITHOUT_CHECKSUM,
        UDP6,
        UDP6_WITHOUT_CHECKSUM,
        SCTP4,
        SCTP6,
        ICMP,
        ICMPV6,
        ESP4,
        ARP,
        SOLICITATION,
        ADVERTISEMENT,
        TCP4_WITH_OPTIONS,
        TCP6_BEHIND_EXTENSIONS,
        UDP6_ATOMIC_FRAGMENT,
        TCP6_WITH_ROUTE_BEHIND_IT,
        UDP4_FIRST_FRAGMENT,
        UDP4_LATER_FRAGMENT,
        TCP6_FIRST_FRAGMENT,
        TCP6_LATER_FRAGMENT,
        UNKNOWN;

        boolean isIpv6() {
            return name().contains("6") && this != UNKNOWN || this == SOLICITATION || this == ADVERTISEMENT;
        }

        boolean isIpv4() {
            return name().contains("4") || this == ICMP;
        }

        boolean isIp() {
            return isIpv4() || isIpv6();
        }

        boolean hasPorts() {
            return (name().startsWith("TCP") || name().startsWith("UDP") || name().startsWith("SCTP"))
                    && !name().contains("LATER");
        }

        boolean isIcmp() {
            return this == ICMP || this == ICMPV6;
        }

        boolean isNeighbour() {
            return this == SOLICITATION || this == ADVERTISEMENT;
        }

        /** Whether a guest may leave its checksum to whoever sends it. */
        boolean mayBePartial() {
            return switch (this) {
                case TCP4, TCP6, UDP4, UDP6, TCP4_WITH_OPTIONS -> true;
                default -> false;
            };
        }

        /** Whether a guest may send it as a superframe. */
        boolean mayBeSuper() {
            return this == TCP4 || this == TCP6 || this == UDP4 || this == UDP6;
        }
    }

    /** How its transport checksum is left. */
    enum Finish {
        WHOLE,
        PARTIAL,
        SUPERFRAME
    }

    static final int SEGMENT_BYTES = 100;

    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    private final Kind kind;
    private final Finish finish;
    private final int tags;
    private final byte[] payload;
    private final Map<FlowField, Long> lo = new EnumMap<>(FlowField.class);
    private final Map<FlowField, Long> hi = new EnumMap<>(FlowField.class);

    private Packet(Kind kind, Finish finish, int tags, byte[] payload) {
        this.kind = kind;
        this.finish = finish;
        this.tags = tags;
        this.payload = payload;
    }

    static Packet random(Kind kind, Finish finish, RandomGenerator random) {
        byte[] payload = new byte[finish == Finish.SUPERFRAME ? 333 : 8 + random.nextInt(60)];
        random.nextBytes(payload);
        Packet packet = new Packet(kind, finish, random.nextInt(3), payload);
        for (FlowField field : packet.fields()) {
            packet.set(field, random.nextLong(), random.nextLong());
        }
        if (kind.isNeighbour()) {
            // what extraction asks of such a message
            packet.set(FlowField.IP_TTL, 0, 255);
            packet.set(FlowField.IP_SRC, 0x2001_0db8_0000_0000L, random.nextLong());
            packet.set(FlowField.IP_DST, 0x2001_0db8_0000_0000L, random.nextLong());
            packet.set(FlowField.ND_TARGET, 0x2001_0db8_0000_0000L, random.nextLong());
        }
        if (kind.isIcmp()) {
            packet.set(FlowField.L4_SRC, 0, kind == Kind.ICMP ? 8 : 128);
        }
        return packet;
    }

    Kind kind() {
        return kind;
    }

    /** The fields that it has and that can be set. */
    Set<FlowField> fields() {
        Set<FlowField> fields = EnumSet.of(FlowField.ETH_DST, FlowField.ETH_SRC);
        if (tags > 0) {
            fields.add(FlowField.VLAN_TCI);
        }
        if (tags > 1) {
            fields.add(FlowField.VLAN_TCI_INNER);
        }
        if (kind.isIp()) {
            fields.addAll(Set.of(FlowField.IP_SRC, FlowField.IP_DST, FlowField.IP_TOS, FlowField.IP_TTL));
        }
        if (kind.isIpv6()) {
            fields.add(FlowField.IPV6_LABEL);
        }
        if (kind.hasPorts() || kind.isIcmp()) {
            fields.addAll(Set.of(FlowField.L4_SRC, FlowField.L4_DST));
        }
        switch (kind) {
            case ARP ->
                fields.addAll(Set.of(
                        FlowField.IP_SRC, FlowField.IP_DST, FlowField.IP_PROTO, FlowField.ARP_SHA, FlowField.ARP_THA));
            case SOLICITATION -> fields.addAll(Set.of(FlowField.ND_TARGET, FlowField.ARP_SHA));
            case ADVERTISEMENT -> fields.addAll(Set.of(FlowField.ND_TARGET, FlowField.ARP_THA, FlowField.ND_RESERVED));
            default -> {}
        }
        return fields;
    }

    long get(FlowField field) {
        return lo.getOrDefault(field, 0L);
    }

    long getHi(FlowField field) {
        return hi.getOrDefault(field, 0L);
    }

    /** Cut to what the field holds; bits that a frame cannot have are dropped. */
    void set(FlowField field, long high, long low) {
        boolean icmp = kind.isIcmp() && (field == FlowField.L4_SRC || field == FlowField.L4_DST);
        int bits = icmp ? 8 : field.bits();
        if (!field.isWide()) {
            lo.put(field, bits == 64 ? low : low & (1L << bits) - 1);
        } else if (kind.isIpv6()) {
            hi.put(field, high);
            lo.put(field, low);
        } else {
            lo.put(field, IPV4_MAPPED | low & 0xffff_ffffL);
        }
    }

    Packet copy() {
        Packet copy = new Packet(kind, finish, tags, payload);
        copy.lo.putAll(lo);
        copy.hi.putAll(hi);
        return copy;
    }

    FrameBuilder build() {
        FrameBuilder frame = Frames.ethernet(mac(FlowField.ETH_SRC), mac(FlowField.ETH_DST));
        if (tags > 0) {
            frame.vlan(EtherType.SERVICE_VLAN, (int) get(FlowField.VLAN_TCI));
        }
        if (tags > 1) {
            frame.vlan(EtherType.VLAN, (int) get(FlowField.VLAN_TCI_INNER));
        }
        if (kind.isIpv4()) {
            frame.ipv4(ip(FlowField.IP_SRC), ip(FlowField.IP_DST));
        } else if (kind.isIpv6()) {
            frame.ipv6(ip(FlowField.IP_SRC), ip(FlowField.IP_DST)).flowLabel((int) get(FlowField.IPV6_LABEL));
        }
        if (kind.isIp()) {
            frame.tos((int) get(FlowField.IP_TOS)).ttl((int) get(FlowField.IP_TTL));
        }
        int source = (int) get(FlowField.L4_SRC);
        int destination = (int) get(FlowField.L4_DST);
        switch (kind) {
            case TCP4, TCP6 -> frame.tcp(source, destination).payload(payload);
            case TCP4_WITH_OPTIONS ->
                frame.ipOptions("94040000").tcp(source, destination).mss(1460).payload(payload);
            case TCP6_BEHIND_EXTENSIONS ->
                frame.extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100")
                        .extension(IpProtocol.ROUTING, "0000 00000000")
                        .tcp(source, destination)
                        .payload(payload);
            case TCP6_WITH_ROUTE_BEHIND_IT ->
                frame.extension(IpProtocol.ROUTING, "0201 00000000 20010db8000000000000000000000007")
                        .tcp(source, destination)
                        .payload(payload);
            case UDP4, UDP6 -> frame.udp(source, destination).payload(payload);
            case UDP4_WITHOUT_CHECKSUM, UDP6_WITHOUT_CHECKSUM ->
                frame.udp(source, destination).withoutChecksum().payload(payload);
            case UDP4_FIRST_FRAGMENT ->
                frame.fragment(0, true).udp(source, destination).payload(payload);
            case UDP4_LATER_FRAGMENT ->
                frame.fragment(1480, true).protocol(IpProtocol.UDP).payload(payload);
            case UDP6_ATOMIC_FRAGMENT ->
                frame.fragmentHeader(0, false, 7).udp(source, destination).payload(payload);
            case TCP6_FIRST_FRAGMENT ->
                frame.fragmentHeader(0, true, 7).tcp(source, destination).payload(payload);
            case TCP6_LATER_FRAGMENT ->
                frame.fragmentHeader(1480, false, 7).protocol(IpProtocol.TCP).payload(payload);
            case SCTP4, SCTP6 -> frame.sctp(source, destination, 7).payload(payload);
            case ICMP -> frame.icmp(source, destination, 7).payload(payload);
            case ICMPV6 -> frame.icmpv6(source, destination, 7).payload(payload);
            case ESP4 -> frame.protocol(IpProtocol.ESP).payload(payload);
            case ARP ->
                frame.arp(
                        (int) get(FlowField.IP_PROTO),
                        mac(FlowField.ARP_SHA),
                        ip(FlowField.IP_SRC),
                        mac(FlowField.ARP_THA),
                        ip(FlowField.IP_DST));
            case SOLICITATION ->
                frame.neighbourSolicitation(ip(FlowField.ND_TARGET), mac(FlowField.ARP_SHA))
                        .ttl((int) get(FlowField.IP_TTL));
            case ADVERTISEMENT ->
                frame.neighbourAdvertisement(
                                ip(FlowField.ND_TARGET), (int) get(FlowField.ND_RESERVED), mac(FlowField.ARP_THA))
                        .ttl((int) get(FlowField.IP_TTL));
            case UNKNOWN -> frame.etherType(0x88b5).payload(payload);
        }
        return switch (finish) {
            case WHOLE -> frame;
            case PARTIAL -> frame.partialChecksum();
            case SUPERFRAME -> frame.gso(gsoType(), SEGMENT_BYTES);
        };
    }

    private int gsoType() {
        return switch (kind) {
            case TCP4 -> Frame.GSO_TCPV4;
            case TCP6 -> Frame.GSO_TCPV6;
            default -> Frame.GSO_UDP_L4;
        };
    }

    private String mac(FlowField field) {
        return MacAddress.toString(get(field));
    }

    private String ip(FlowField field) {
        return IpAddress.toString(getHi(field), get(field));
    }
}
