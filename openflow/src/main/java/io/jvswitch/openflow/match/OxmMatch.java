package io.jvswitch.openflow.match;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.MaskedValue;
import io.jvswitch.flowtable.key.MatchField;
import io.jvswitch.flowtable.key.Prerequisite;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.SetFields;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.OxmReader;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Extensible matches: NXM, and OXM from OpenFlow 1.2 on (OpenFlow 1.5.1, section 7.2.3). They are written in the order in
 * which Open vSwitch writes them.
 */
public final class OxmMatch {

    private static final int ALIGNMENT = 8;

    private static final OxmField PACKET_TYPE = OxmField.ofKnown("packet_type");
    private static final OxmField VLAN_VID = OxmField.ofKnown("vlan_vid");
    private static final OxmField VLAN_PCP = OxmField.ofKnown("vlan_pcp");
    private static final OxmField VLAN_TCI = OxmField.ofKnown("vlan_tci");
    private static final OxmField IP_DSCP = OxmField.ofKnown("ip_dscp");
    private static final OxmField NW_TOS = OxmField.ofKnown("nw_tos");

    private static final List<OxmField> BEFORE_VLAN =
            fields("dp_hash", "recirc_id", "conj_id", "in_port", "actset_output", "eth_src", "eth_dst", "eth_type");
    private static final List<OxmField> BEFORE_TOS = fields(
            "mpls_tc",
            "mpls_bos",
            "mpls_ttl",
            "mpls_label",
            "pbb_isid",
            "ip_src",
            "ip_dst",
            "ipv6_src",
            "ipv6_dst",
            "ip_frag");
    private static final List<OxmField> BEFORE_OPTIONS = fields(
            "nw_ecn",
            "nw_ttl",
            "ipv6_label",
            "ipv6_exthdr",
            "nw_proto",
            "tcp_src",
            "tcp_dst",
            "tcp_flags",
            "udp_src",
            "udp_dst",
            "sctp_src",
            "sctp_dst",
            "icmp_type",
            "icmp_code",
            "icmpv6_type",
            "icmpv6_code",
            "nd_reserved",
            "nd_target",
            "nd_options_type",
            "nd_sll",
            "nd_tll",
            "arp_op",
            "arp_spa",
            "arp_tpa",
            "arp_sha",
            "arp_tha",
            "tun_id",
            "tun_flags",
            "tun_src",
            "tun_dst",
            "tun_ipv6_src",
            "tun_ipv6_dst",
            "tun_gbp_id",
            "tun_gbp_flags");
    private static final List<OxmField> BEFORE_REGISTERS = fields(
            "nsh_flags",
            "nsh_ttl",
            "nsh_mdtype",
            "nsh_np",
            "nsh_spi",
            "nsh_si",
            "nsh_c1",
            "nsh_c2",
            "nsh_c3",
            "nsh_c4");
    private static final List<OxmField> REGISTERS = numbered("reg", 32);
    private static final List<OxmField> WIDE_REGISTERS = numbered("xreg", 16);
    private static final List<OxmField> LAST = fields(
            "pkt_mark",
            "ct_state",
            "ct_zone",
            "ct_mark",
            "ct_label",
            "ct_nw_src",
            "ct_ipv6_src",
            "ct_nw_dst",
            "ct_ipv6_dst",
            "ct_nw_proto",
            "ct_tp_src",
            "ct_tp_dst",
            "metadata");

    private OxmMatch() {}

    private static List<OxmField> fields(String... names) {
        return Stream.of(names).map(OxmField::ofKnown).toList();
    }

    private static List<OxmField> numbered(String name, int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> OxmField.ofKnown(name + i))
                .toList();
    }

    /**
     * Reads a match.
     *
     * @param in ends with the match, without its padding
     * @param options the bridge's tunnel options
     * @throws OpenFlowException BAD_FIELD, BAD_PREREQ, DUP_FIELD, BAD_MASK, BAD_VALUE, BAD_WILDCARDS or BAD_LEN, with the
     *     place of the field at fault
     */
    public static FlowMatch read(MessageReader in, TunnelOptions options) throws OpenFlowException {
        MatchBuilder match = new MatchBuilder();
        while (in.hasRemaining()) {
            int at = in.position();
            OxmReader.Entry entry = OxmReader.matchEntry(in, options);
            OxmField field = entry.field();
            if (!field.isMaskable() && !entry.mask().isOnes() && !entry.mask().isZero()) {
                throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_MASK, at, field + " takes no mask");
            }
            if (!SetFields.isValid(field, entry.value())) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBMC_BAD_VALUE, at, entry.value() + " is no value of " + field);
            }
            MatchField named = field.match();
            if (named != null && !named.prerequisite().holds(match.key(), match.mask())) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBMC_BAD_PREREQ, at, field + " needs " + named.prerequisite());
            }
            if (!match.isWild(field, options)) {
                throw new OpenFlowException(OpenFlowError.OFPBMC_DUP_FIELD, at, field + " is there twice");
            }
            match.set(field, entry.value(), entry.mask(), options);
        }
        return match.toMatch();
    }

    /** Reads type, length, a match, and its padding, as messages of OpenFlow 1.2 and later have it. */
    public static FlowMatch readPadded(MessageReader in, TunnelOptions options) throws OpenFlowException {
        int at = in.position();
        in.require(4, OpenFlowError.OFPBMC_BAD_LEN, "a match");
        int type = in.peekU16(0);
        int length = in.peekU16(2);
        int padded = length + ALIGNMENT - 1 & -ALIGNMENT;
        if (type != 1) {
            throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_TYPE, at, "there is no match of type " + type);
        }
        if (length < 4 || padded > in.remaining()) {
            throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_LEN, at, "a match of " + length + " bytes");
        }
        MessageReader body = in.slice(padded).slice(length);
        body.skip(4);
        return read(body, options);
    }

    /** Writes type, length, a match, and its padding. */
    public static void writePadded(MessageWriter out, FlowMatch match, OpenFlowVersion version, TunnelOptions options) {
        int start = out.position();
        out.u16(1).u16(0);
        write(out, match, version, options);
        out.patchU16(start + 2, out.position() - start);
        out.pad8(start);
    }

    /**
     * Writes a match without padding.
     *
     * @param version whose numbers fields have; null for NXM
     */
    public static void write(
            MessageWriter out, FlowMatch match, @Nullable OpenFlowVersion version, TunnelOptions options) {
        Writing writing = new Writing(out, match, version);
        MaskedValue type = Objects.requireNonNull(PACKET_TYPE.match()).matched(match.key(), match.mask());
        boolean ethernet = type.lo() == 0;
        if (!type.isWild() && !ethernet) {
            writing.put(PACKET_TYPE);
        }
        writing.putAll(BEFORE_VLAN);
        writing.putVlan();
        writing.putAll(BEFORE_TOS);
        writing.putTos();
        writing.putAll(BEFORE_OPTIONS);
        for (TunnelOptions.Option option : options.all()) {
            Octets mask = Octets.of(option.get(match.mask()));
            if (!mask.isZero()) {
                OxmField.tunnelOption(option.index(), option.bytes())
                        .putEntry(out, version, Octets.of(option.get(match.key())), mask);
            }
        }
        writing.putAll(BEFORE_REGISTERS);
        boolean wide = version != null && version.isAtLeast(OpenFlowVersion.V1_5);
        writing.putAll(wide ? WIDE_REGISTERS : REGISTERS);
        writing.putAll(LAST);
        if (!type.isWild() && ethernet && !writing.impliesEthernet) {
            writing.put(PACKET_TYPE);
        }
    }

    /** A match being written. */
    private static final class Writing {
        private final MessageWriter out;
        private final FlowMatch match;
        private final @Nullable OpenFlowVersion version;
        private boolean impliesEthernet;

        Writing(MessageWriter out, FlowMatch match, @Nullable OpenFlowVersion version) {
            this.out = out;
            this.match = match;
            this.version = version;
        }

        void putAll(List<OxmField> fields) {
            for (OxmField field : fields) {
                put(field);
            }
        }

        void put(OxmField field) {
            MatchField named = Objects.requireNonNull(field.match());
            MaskedValue value = named.matched(match.key(), match.mask());
            if (value.isWild()
                    || field.headers().isEmpty()
                    || !named.prerequisite().holds(match.key(), match.mask())
                    || !isOfItsKind(field.label())) {
                return;
            }
            if (field.label().equals(OxmField.IN_PORT) && version != null) {
                put(OxmField.ofKnown(OxmField.IN_PORT_OXM), ReservedPorts.to32((int) value.lo()), -1L);
            } else if (field.label().equals("actset_output")) {
                put(field, ReservedPorts.to32((int) value.lo()), -1L);
            } else {
                boolean exact = value.maskLo() == named.ones() && (!named.isWide() || value.maskHi() == -1L);
                Octets mask =
                        exact ? Octets.ones(field.bytes()) : Octets.of(value.maskHi(), value.maskLo(), field.bytes());
                put(field, Octets.of(value.hi(), value.lo(), field.bytes()), mask);
            }
        }

        private void put(OxmField field, long value, long mask) {
            put(field, Octets.of(0, value, field.bytes()), Octets.of(-1L, mask, field.bytes()));
        }

        private void put(OxmField field, Octets value, Octets mask) {
            field.putEntry(out, version, value, mask);
            impliesEthernet |= Objects.requireNonNull(field.match()).prerequisite() != Prerequisite.NONE;
        }

        /** Of two fields for the same bits, an IPv4 address and an IPv6 one, whether it is this one. */
        private boolean isOfItsKind(String label) {
            return switch (label) {
                case "tun_src" -> isIpv4(FlowField.TUNNEL_SRC);
                case "tun_dst" -> isIpv4(FlowField.TUNNEL_DST);
                case "tun_ipv6_src" -> !isIpv4(FlowField.TUNNEL_SRC);
                case "tun_ipv6_dst" -> !isIpv4(FlowField.TUNNEL_DST);
                case "ct_nw_src" -> isIpv4(FlowField.CT_IP_SRC);
                case "ct_nw_dst" -> isIpv4(FlowField.CT_IP_DST);
                case "ct_ipv6_src" -> !isIpv4(FlowField.CT_IP_SRC);
                case "ct_ipv6_dst" -> !isIpv4(FlowField.CT_IP_DST);
                default -> true;
            };
        }

        private boolean isIpv4(FlowField field) {
            return match.mask().getHi(field) == 0
                    || IpAddress.isIpv4(match.key().getHi(field), match.key().get(field));
        }

        void putVlan() {
            int tci = (int) match.key().get(FlowField.VLAN_TCI);
            int mask = (int) match.mask().get(FlowField.VLAN_TCI);
            if (mask == 0) {
                return;
            }
            if (version == null) {
                put(VLAN_TCI, tci, mask);
                return;
            }
            int idBits = MatchBuilder.VID_BITS | FlowField.VLAN_PRESENT;
            if ((mask & idBits) != 0) {
                put(VLAN_VID, tci & idBits, (mask & idBits) == idBits ? -1L : mask & idBits);
            }
            if ((tci & idBits) != 0 && (mask & MatchBuilder.PCP_BITS) != 0) {
                put(VLAN_PCP, tci >>> MatchBuilder.PCP_SHIFT, -1L);
            }
        }

        void putTos() {
            boolean ip = Prerequisite.IP.holds(match.key(), match.mask());
            int tos = (int) match.key().get(FlowField.IP_TOS);
            if (ip && (match.mask().get(FlowField.IP_TOS) & 0xfc) != 0) {
                if (version == null) {
                    put(NW_TOS, tos & 0xfc, -1L);
                } else {
                    put(IP_DSCP, tos >>> 2, -1L);
                }
            }
        }
    }
}
