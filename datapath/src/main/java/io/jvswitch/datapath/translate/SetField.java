package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.MaskedValue;
import io.jvswitch.wire.IpAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Bits of a header field are set, and the checksums that cover them follow. A frame that has no such header goes on as
 * it is: where a field is of several headers (an address of IPv4, IPv6 and ARP, say), the frame tells which it is.
 *
 * @param field one of {@link #WRITABLE}
 * @param hi the value's high half, for a 128-bit field; an IPv4 address is IPv4-mapped
 * @param lo the value, or its low half
 * @param maskHi ones where the high half is set; for an IPv4 address all of them
 * @param maskLo ones where the value is set
 */
public record SetField(FlowField field, long hi, long lo, long maskHi, long maskLo) implements Action.Change {

    /** The fields that can be set, as in Open vSwitch: TCP flags, say, cannot. */
    public static final Set<FlowField> WRITABLE = Collections.unmodifiableSet(EnumSet.of(
            FlowField.ETH_DST,
            FlowField.ETH_SRC,
            FlowField.VLAN_TCI,
            FlowField.VLAN_TCI_INNER,
            FlowField.IP_SRC,
            FlowField.IP_DST,
            FlowField.IP_PROTO,
            FlowField.IP_TOS,
            FlowField.IP_TTL,
            FlowField.IPV6_LABEL,
            FlowField.L4_SRC,
            FlowField.L4_DST,
            FlowField.ARP_SHA,
            FlowField.ARP_THA,
            FlowField.ND_RESERVED,
            FlowField.ND_OPTIONS_TYPE,
            FlowField.ND_TARGET,
            FlowField.MPLS_LABEL,
            FlowField.MPLS_TC,
            FlowField.MPLS_BOS,
            FlowField.MPLS_TTL,
            FlowField.NSH_FLAGS,
            FlowField.NSH_TTL,
            FlowField.NSH_SPI,
            FlowField.NSH_SI,
            FlowField.NSH_C1,
            FlowField.NSH_C2,
            FlowField.NSH_C3,
            FlowField.NSH_C4));

    private static final long IPV4_BITS = 0xffff_ffffL;

    /** Keeps of the value what the mask says. */
    public SetField {
        if (!WRITABLE.contains(field)) {
            throw new IllegalArgumentException(field.label() + " is no header field that can be set");
        }
        if ((maskLo & ~ones(field)) != 0 || maskHi != 0 && !field.isWide() || (maskHi | maskLo) == 0) {
            throw new IllegalArgumentException(
                    "a mask of 0x" + Long.toHexString(maskHi) + "," + Long.toHexString(maskLo) + " is none of "
                            + field.label() + ", which has " + field.bits() + " bits");
        }
        hi &= maskHi;
        lo &= maskLo;
    }

    /** A field of at most 64 bits, all of it. */
    public static SetField of(FlowField field, long value) {
        return new SetField(field, 0, value, 0, ones(field));
    }

    /** Some bits of a field of at most 64 bits. */
    public static SetField of(FlowField field, long value, long mask) {
        return new SetField(field, 0, value, 0, mask);
    }

    /** An address, or the bits of it that the mask has; the mask of an IPv4 address has 32 bits. */
    public static SetField of(FlowField field, IpAddress value, IpAddress mask) {
        if (value.isIpv4()) {
            return new SetField(field, value.hi(), value.lo(), -1, ~IPV4_BITS | mask.lo());
        }
        return new SetField(field, value.hi(), value.lo(), mask.hi(), mask.lo());
    }

    /** An address. */
    public static SetField of(FlowField field, IpAddress value) {
        return new SetField(field, value.hi(), value.lo(), -1, -1);
    }

    private static long ones(FlowField field) {
        return field.bits() >= Long.SIZE ? -1 : (1L << field.bits()) - 1;
    }

    /** What a field of at most 64 bits becomes. */
    public long applyTo(long before) {
        return before & ~maskLo | lo;
    }

    /** What the high half of a 128-bit field becomes. */
    public long applyToHi(long before) {
        return before & ~maskHi | hi;
    }

    /** What an IPv4 address becomes. */
    public int applyToIpv4(int before) {
        return before & ~(int) maskLo | (int) lo;
    }

    private boolean isIpv4() {
        return IpAddress.isIpv4(hi, lo) && maskHi == -1 && maskLo >>> 32 == IPV4_BITS;
    }

    @Override
    public String toString() {
        String value = field.form().format(field.bits(), new MaskedValue(hi, lo, maskHi, maskLo));
        return "set_field:" + value + "->" + name();
    }

    /** The name that ovs-ofctl prints, where the field is of one header only; the key's, where it is of several. */
    private String name() {
        return switch (field) {
            case ETH_DST -> "eth_dst";
            case ETH_SRC -> "eth_src";
            case IP_SRC -> isIpv4() ? "ip_src" : "ipv6_src";
            case IP_DST -> isIpv4() ? "ip_dst" : "ipv6_dst";
            default -> field.label();
        };
    }
}
