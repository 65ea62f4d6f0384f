package io.jvswitch.openflow.match;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.MaskedValue;
import io.jvswitch.flowtable.key.MatchField;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.Objects;

/**
 * The match structures of OpenFlow 1.0 (section 5.2.3 of 1.0.0) and 1.1 (section A.2.3 of 1.1.0), both of fixed size. What
 * a match cannot say in them is left out.
 */
public final class FixedMatch {

    /** {@code ofp_match} of OpenFlow 1.0. */
    public static final int BYTES_1_0 = 40;
    /** {@code ofp_match} of OpenFlow 1.1, with type and length. */
    public static final int BYTES_1_1 = 88;

    private static final int IN_PORT = 1;
    private static final int VLAN_VID = 1 << 1;
    /** From here on, bits that have other places in OpenFlow 1.1 are {@code _1_0}. */
    private static final int ETH_SRC_1_0 = 1 << 2;

    private static final int ETH_DST_1_0 = 1 << 3;
    private static final int ETH_TYPE_1_0 = 1 << 4;
    private static final int PROTOCOL_1_0 = 1 << 5;
    private static final int L4_SRC_1_0 = 1 << 6;
    private static final int L4_DST_1_0 = 1 << 7;
    private static final int IP_SRC_SHIFT = 8;
    private static final int IP_DST_SHIFT = 14;
    private static final int IP_BITS = 0x3f;
    private static final int VLAN_PCP_1_0 = 1 << 20;
    private static final int TOS_1_0 = 1 << 21;

    private static final int VLAN_PCP = 1 << 2;
    private static final int ETH_TYPE = 1 << 3;
    private static final int TOS = 1 << 4;
    private static final int PROTOCOL = 1 << 5;
    private static final int L4_SRC = 1 << 6;
    private static final int L4_DST = 1 << 7;
    private static final int MPLS_LABEL = 1 << 8;
    private static final int MPLS_TC = 1 << 9;

    private static final int VLAN_NONE = 0xffff;
    private static final int VLAN_ANY = 0xfffe;
    private static final int MAX_PCP = 7;
    private static final int DSCP_BITS = 0xfc;

    private static final MatchField IPV4_SRC = Objects.requireNonNull(MatchField.of("ip_src"));
    private static final MatchField IPV4_DST = Objects.requireNonNull(MatchField.of("ip_dst"));

    private FixedMatch() {}

    private static void ipv4(MatchBuilder match, MatchField field, int address, int mask) {
        if (mask != 0) {
            field.match(
                    match.key(),
                    match.mask(),
                    new MaskedValue(0, address & mask & 0xffff_ffffL, 0, mask & 0xffff_ffffL));
        }
    }

    private static int prefix(int wildBits) {
        return wildBits >= Integer.SIZE ? 0 : -1 << wildBits;
    }

    /** Reads a match of OpenFlow 1.0. */
    public static FlowMatch read10(MessageReader in) throws OpenFlowException {
        in.require(BYTES_1_0, OpenFlowError.OFPBRC_BAD_LEN, "a match");
        MatchBuilder match = new MatchBuilder();
        int wild = in.i32();
        int port = in.u16();
        long ethSrc = in.u48();
        long ethDst = in.u48();
        int vid = in.u16();
        int pcp = in.u8();
        in.skip(1);
        int type = in.u16();
        int tos = in.u8();
        int protocol = in.u8();
        in.skip(2);
        int ipSrc = in.i32();
        int ipDst = in.i32();
        int l4Src = in.u16();
        int l4Dst = in.u16();
        exact(match, wild, IN_PORT, FlowField.IN_PORT, port);
        exact(match, wild, ETH_SRC_1_0, FlowField.ETH_SRC, ethSrc);
        exact(match, wild, ETH_DST_1_0, FlowField.ETH_DST, ethDst);
        exact(match, wild, ETH_TYPE_1_0, FlowField.ETH_TYPE, type);
        exact(match, wild, PROTOCOL_1_0, FlowField.IP_PROTO, protocol);
        exact(match, wild, L4_SRC_1_0, FlowField.L4_SRC, l4Src);
        exact(match, wild, L4_DST_1_0, FlowField.L4_DST, l4Dst);
        if ((wild & TOS_1_0) == 0) {
            match.key().set(FlowField.IP_TOS, tos & DSCP_BITS);
            match.mask().bits(FlowField.IP_TOS, DSCP_BITS);
        }
        ipv4(match, IPV4_SRC, ipSrc, prefix(wild >>> IP_SRC_SHIFT & IP_BITS));
        ipv4(match, IPV4_DST, ipDst, prefix(wild >>> IP_DST_SHIFT & IP_BITS));
        if ((wild & VLAN_VID) == 0 && vid == VLAN_NONE) {
            // A priority without a tag is a contradiction; Open vSwitch has it mean no tag as well.
            match.vlan(0, 0xffff);
        } else {
            int bits = ((wild & VLAN_VID) == 0 ? MatchBuilder.VID_BITS | FlowField.VLAN_PRESENT : 0)
                    | ((wild & VLAN_PCP_1_0) == 0 ? MatchBuilder.PCP_BITS | FlowField.VLAN_PRESENT : 0);
            match.vlan(vid & MatchBuilder.VID_BITS | pcp << MatchBuilder.PCP_SHIFT | FlowField.VLAN_PRESENT, bits);
        }
        return match.toMatch();
    }

    private static void exact(MatchBuilder match, int wild, int bit, FlowField field, long value) {
        if ((wild & bit) == 0) {
            match.exact(field, value);
        }
    }

    /** Writes a match of OpenFlow 1.0. */
    public static void write10(MessageWriter out, FlowMatch match) {
        int tci = (int) match.key().get(FlowField.VLAN_TCI);
        int tciMask = (int) match.mask().get(FlowField.VLAN_TCI);
        int wild = wild(match, FlowField.IN_PORT, IN_PORT)
                | wild(match, FlowField.ETH_SRC, ETH_SRC_1_0)
                | wild(match, FlowField.ETH_DST, ETH_DST_1_0)
                | wild(match, FlowField.ETH_TYPE, ETH_TYPE_1_0)
                | wild(match, FlowField.IP_PROTO, PROTOCOL_1_0)
                | wild(match, FlowField.L4_SRC, L4_SRC_1_0)
                | wild(match, FlowField.L4_DST, L4_DST_1_0)
                | ((match.mask().get(FlowField.IP_TOS) & DSCP_BITS) == 0 ? TOS_1_0 : 0)
                | wildBits(match, IPV4_SRC) << IP_SRC_SHIFT
                | wildBits(match, IPV4_DST) << IP_DST_SHIFT;
        int vid = 0;
        int pcp = 0;
        if (tciMask == 0) {
            wild |= VLAN_VID | VLAN_PCP_1_0;
        } else if ((tciMask & ~tci & FlowField.VLAN_PRESENT) != 0) {
            vid = VLAN_NONE;
        } else {
            wild |= (tciMask & MatchBuilder.VID_BITS) == 0 ? VLAN_VID : 0;
            wild |= (tciMask & MatchBuilder.PCP_BITS) == 0 ? VLAN_PCP_1_0 : 0;
            vid = tciMask & tci & MatchBuilder.VID_BITS;
            pcp = (tciMask & tci & MatchBuilder.PCP_BITS) >>> MatchBuilder.PCP_SHIFT;
        }
        out.u32(wild)
                .u16((int) match.key().get(FlowField.IN_PORT))
                .u48(match.key().ethSrc())
                .u48(match.key().ethDst())
                .u16(vid)
                .u8(pcp)
                .zeros(1)
                .u16(match.key().ethType())
                .u8((int) match.key().get(FlowField.IP_TOS) & DSCP_BITS)
                .u8(match.key().ipProto())
                .zeros(2)
                .u32((int) IPV4_SRC.matched(match.key(), match.mask()).lo())
                .u32((int) IPV4_DST.matched(match.key(), match.mask()).lo())
                .u16(match.key().l4Src())
                .u16(match.key().l4Dst());
    }

    private static int wild(FlowMatch match, FlowField field, int bit) {
        return match.mask().isWild(field) ? bit : 0;
    }

    private static int wildBits(FlowMatch match, MatchField field) {
        int mask = (int) field.matched(match.key(), match.mask()).maskLo();
        return Integer.numberOfTrailingZeros(mask);
    }

    /** Reads a match of OpenFlow 1.1, with its type and length. */
    public static FlowMatch read11(MessageReader in) throws OpenFlowException {
        int at = in.position();
        in.require(4, OpenFlowError.OFPBMC_BAD_LEN, "a match");
        int type = in.u16();
        int length = in.u16();
        if (type != 0) {
            throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_TYPE, at, "there is no match of type " + type);
        }
        if (length != BYTES_1_1 || in.remaining() < BYTES_1_1 - 4) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBMC_BAD_LEN, at, "a match has " + BYTES_1_1 + " bytes, not " + length);
        }
        MatchBuilder match = new MatchBuilder();
        int port = in.i32();
        int wild = in.i32();
        if ((wild & IN_PORT) == 0) {
            match.exact(FlowField.IN_PORT, value(ReservedPorts.from32(port), 0xffff, at));
        }
        mac(match, FlowField.ETH_SRC, in.u48(), ~in.u48());
        mac(match, FlowField.ETH_DST, in.u48(), ~in.u48());
        readVlan(match, wild, in.u16(), in.u8(), at);
        in.skip(1);
        int etherType = in.u16();
        exact(match, wild, ETH_TYPE, FlowField.ETH_TYPE, etherType);
        readIp(match, in, (wild & ETH_TYPE) == 0 ? etherType : 0, wild, at);
        long metadata = in.u64();
        long metadataMask = ~in.u64();
        match.key().set(FlowField.METADATA, metadata & metadataMask);
        match.mask().bits(FlowField.METADATA, metadataMask);
        return match.toMatch();
    }

    private static long value(long value, long max, int at) throws OpenFlowException {
        if (value < 0 || value > max) {
            throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_VALUE, at, "no packet has the value " + value);
        }
        return value;
    }

    private static void mac(MatchBuilder match, FlowField field, long mac, long mask) {
        match.key().set(field, mac & mask);
        match.mask().bits(field, mask);
    }

    private static void readVlan(MatchBuilder match, int wild, int vid, int pcp, int at) throws OpenFlowException {
        if ((wild & VLAN_VID) != 0) {
            return;
        }
        if (vid == VLAN_NONE) {
            match.vlan(0, 0xffff);
            return;
        }
        int tci = FlowField.VLAN_PRESENT;
        int bits = FlowField.VLAN_PRESENT;
        if (vid != VLAN_ANY) {
            tci |= (int) value(vid, MatchBuilder.VID_BITS, at);
            bits |= MatchBuilder.VID_BITS;
        }
        if ((wild & VLAN_PCP) == 0) {
            tci |= (int) value(pcp, MAX_PCP, at) << MatchBuilder.PCP_SHIFT;
            bits |= MatchBuilder.PCP_BITS;
        }
        match.vlan(tci, bits);
    }

    private static void readIp(MatchBuilder match, MessageReader in, int etherType, int wild, int at)
            throws OpenFlowException {
        int tos = in.u8();
        int protocol = in.u8();
        int source = in.i32();
        int sourceMask = ~in.i32();
        int destination = in.i32();
        int destinationMask = ~in.i32();
        int l4Src = in.u16();
        int l4Dst = in.u16();
        int label = in.i32();
        int trafficClass = in.u8();
        in.skip(3);
        boolean ipv4 = etherType == EtherType.IPV4;
        if (ipv4 && (wild & TOS) == 0) {
            value(tos & ~DSCP_BITS, 0, at);
            match.key().set(FlowField.IP_TOS, tos);
            match.mask().bits(FlowField.IP_TOS, DSCP_BITS);
        }
        if (ipv4 || etherType == EtherType.ARP || etherType == EtherType.RARP) {
            exact(match, wild, PROTOCOL, FlowField.IP_PROTO, protocol);
            ipv4(match, IPV4_SRC, source, sourceMask);
            ipv4(match, IPV4_DST, destination, destinationMask);
        }
        boolean icmp = (wild & PROTOCOL) == 0 && protocol == IpProtocol.ICMP;
        boolean ports = (wild & PROTOCOL) == 0
                && (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP);
        if (ipv4 && (icmp || ports)) {
            if (icmp && ((wild & L4_SRC) == 0 && l4Src > 0xff || (wild & L4_DST) == 0 && l4Dst > 0xff)) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBMC_BAD_FIELD, at, "ICMP type " + l4Src + " and code " + l4Dst);
            }
            exact(match, wild, L4_SRC, FlowField.L4_SRC, l4Src);
            exact(match, wild, L4_DST, FlowField.L4_DST, l4Dst);
        }
        if (etherType == EtherType.MPLS_UNICAST || etherType == EtherType.MPLS_MULTICAST) {
            exact(match, wild, MPLS_LABEL, FlowField.MPLS_LABEL, label);
            exact(match, wild, MPLS_TC, FlowField.MPLS_TC, trafficClass);
        }
    }

    /** Writes a match of OpenFlow 1.1, with its type and length. */
    public static void write11(MessageWriter out, FlowMatch match) {
        int tci = (int) match.key().get(FlowField.VLAN_TCI);
        int tciMask = (int) match.mask().get(FlowField.VLAN_TCI);
        int wild = wild(match, FlowField.IN_PORT, IN_PORT)
                | wild(match, FlowField.ETH_TYPE, ETH_TYPE)
                | wild(match, FlowField.IP_PROTO, PROTOCOL)
                | wild(match, FlowField.L4_SRC, L4_SRC)
                | wild(match, FlowField.L4_DST, L4_DST)
                | wild(match, FlowField.MPLS_LABEL, MPLS_LABEL)
                | wild(match, FlowField.MPLS_TC, MPLS_TC)
                | ((match.mask().get(FlowField.IP_TOS) & DSCP_BITS) == 0 ? TOS : 0);
        int vid = 0;
        int pcp = 0;
        if (tciMask == 0) {
            wild |= VLAN_VID | VLAN_PCP;
        } else if ((tciMask & ~tci & FlowField.VLAN_PRESENT) != 0) {
            vid = VLAN_NONE;
            wild |= VLAN_PCP;
        } else {
            wild |= (tciMask & MatchBuilder.PCP_BITS) == 0 ? VLAN_PCP : 0;
            vid = (tciMask & MatchBuilder.VID_BITS) == 0 ? VLAN_ANY : tci & MatchBuilder.VID_BITS;
            pcp = (tciMask & tci & MatchBuilder.PCP_BITS) >>> MatchBuilder.PCP_SHIFT;
        }
        MaskedValue source = IPV4_SRC.matched(match.key(), match.mask());
        MaskedValue destination = IPV4_DST.matched(match.key(), match.mask());
        int port = (int) match.key().get(FlowField.IN_PORT);
        out.u16(0)
                .u16(BYTES_1_1)
                .u32((wild & IN_PORT) != 0 ? 0 : ReservedPorts.to32(port))
                .u32(wild)
                .u48(match.key().ethSrc())
                .u48(~match.mask().get(FlowField.ETH_SRC))
                .u48(match.key().ethDst())
                .u48(~match.mask().get(FlowField.ETH_DST))
                .u16(vid)
                .u8(pcp)
                .zeros(1)
                .u16(match.key().ethType())
                .u8((int) match.key().get(FlowField.IP_TOS) & DSCP_BITS)
                .u8(match.key().ipProto())
                .u32((int) source.lo())
                .u32(~(int) source.maskLo())
                .u32((int) destination.lo())
                .u32(~(int) destination.maskLo())
                .u16(match.key().l4Src())
                .u16(match.key().l4Dst())
                .u32((int) match.key().get(FlowField.MPLS_LABEL))
                .u8((int) match.key().get(FlowField.MPLS_TC))
                .zeros(3)
                .u64(match.key().get(FlowField.METADATA))
                .u64(~match.mask().get(FlowField.METADATA));
    }
}
