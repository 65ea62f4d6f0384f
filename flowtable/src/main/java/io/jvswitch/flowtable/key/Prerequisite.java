package io.jvswitch.flowtable.key;

import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;

/**
 * What must be so for a field to be there (OpenFlow 1.5.1, section 7.2.3.6): a rule that matches on the field must
 * match on this, and a frame of which it is not true does not have the field.
 */
public enum Prerequisite {
    NONE,
    /** An Ethernet header: every frame of the data path has one, so it looks at nothing. */
    ETHERNET,
    ARP,
    /** Some VLAN tag. */
    VLAN,
    IPV4,
    IPV6,
    /** IPv4 or IPv6. */
    IP,
    NSH,
    MPLS,
    PBB,
    /** A connection-tracking state that is valid, for IPv4 or IPv6. */
    CT,
    TCP,
    UDP,
    SCTP,
    ICMPV4,
    ICMPV6,
    /** A neighbour solicitation or advertisement. */
    ND,
    ND_SOLICITATION,
    ND_ADVERTISEMENT;

    /** The tracked bit of {@link FlowField#CT_STATE}. */
    private static final int CT_TRACKED = 1 << 5;
    /** The invalid bit of it. */
    private static final int CT_INVALID = 1 << 4;

    /** A type or code of ICMP has eight bits of the field that it is in. */
    private static final long ICMP_ONES = 0xff;

    /** Asks a value for a prerequisite: of a frame, which un-wildcards, or of a rule's match. */
    private interface Subject {
        /** Whether a field has a value (the bits of {@code mask}). */
        boolean is(FlowField field, long value, long mask);

        /** Whether any of the bits is set. */
        boolean any(FlowField field, long mask);

        /** Whether a field is 0; a match need not ask for it, as in Open vSwitch. */
        boolean isZero(FlowField field);
    }

    /** Whether it is true of the frame as a translation has it now; looks at what it takes to know. */
    public boolean holds(FlowReader reader) {
        return holds(new Subject() {
            @Override
            public boolean is(FlowField field, long value, long mask) {
                return reader.get(field, mask) == value;
            }

            @Override
            public boolean any(FlowField field, long mask) {
                return reader.test(field, mask);
            }

            @Override
            public boolean isZero(FlowField field) {
                return reader.get(field, field.ones) == 0;
            }
        });
    }

    /** Whether a rule's match says that it is true. */
    public boolean holds(FlowKey key, FlowMask mask) {
        return holds(new Subject() {
            @Override
            public boolean is(FlowField field, long value, long bits) {
                return (mask.get(field) & bits) == bits && (key.get(field) & bits) == value;
            }

            @Override
            public boolean any(FlowField field, long bits) {
                return (mask.get(field) & key.get(field) & bits) != 0;
            }

            @Override
            public boolean isZero(FlowField field) {
                return key.get(field) == 0;
            }
        });
    }

    private boolean holds(Subject of) {
        return switch (this) {
            case NONE, ETHERNET -> true;
            case ARP -> type(of, EtherType.ARP) || type(of, EtherType.RARP);
            case VLAN -> of.any(FlowField.VLAN_TCI, FlowField.VLAN_PRESENT);
            case IPV4 -> type(of, EtherType.IPV4);
            case IPV6 -> type(of, EtherType.IPV6);
            case IP -> IPV4.holds(of) || IPV6.holds(of);
            case NSH -> type(of, EtherType.NSH);
            case MPLS -> type(of, EtherType.MPLS_UNICAST) || type(of, EtherType.MPLS_MULTICAST);
            case PBB -> type(of, ShimExtractor.ETHER_TYPE_PBB);
            case CT ->
                IP.holds(of) && of.any(FlowField.CT_STATE, CT_TRACKED) && !of.any(FlowField.CT_STATE, CT_INVALID);
            case TCP -> protocol(of, IpProtocol.TCP);
            case UDP -> protocol(of, IpProtocol.UDP);
            case SCTP -> protocol(of, IpProtocol.SCTP);
            case ICMPV4 -> IPV4.holds(of) && of.is(FlowField.IP_PROTO, IpProtocol.ICMP, FlowField.IP_PROTO.ones);
            case ICMPV6 -> IPV6.holds(of) && of.is(FlowField.IP_PROTO, IpProtocol.ICMPV6, FlowField.IP_PROTO.ones);
            case ND -> ND_SOLICITATION.holds(of) || ND_ADVERTISEMENT.holds(of);
            case ND_SOLICITATION -> icmpv6Type(of, Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION);
            case ND_ADVERTISEMENT -> icmpv6Type(of, Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT);
        };
    }

    private static boolean type(Subject of, int type) {
        return of.is(FlowField.ETH_TYPE, type, FlowField.ETH_TYPE.ones);
    }

    private static boolean protocol(Subject of, int protocol) {
        return IP.holds(of) && of.is(FlowField.IP_PROTO, protocol, FlowField.IP_PROTO.ones);
    }

    private static boolean icmpv6Type(Subject of, int type) {
        return ICMPV6.holds(of) && of.is(FlowField.L4_SRC, type, ICMP_ONES) && of.isZero(FlowField.L4_DST);
    }
}
