package io.jvswitch.flowtable.key;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;

/** How values of a field are written, as ovs-fields(7) has it. */
public enum FieldForm {
    DECIMAL,
    HEX,
    /** Hexadecimal with four digits: EtherTypes and tags. */
    HEX4,
    MAC,
    /** An IPv4-mapped address is written as IPv4, no address at all as 0.0.0.0. */
    ADDRESS,
    IPV6,
    /** {@link FlowField#IP_FRAG}. */
    FRAGMENT,
    /** Name space and type: {@code (0,0x800)}. */
    PACKET_TYPE;

    private static final int NAME_SPACE_SHIFT = 16;
    private static final int TYPE_MASK = 0xffff;

    /** A value as an operator writes it. */
    public String format(long hi, long lo) {
        return switch (this) {
            case DECIMAL -> Long.toUnsignedString(lo);
            case HEX -> hex(hi, lo, 1);
            case HEX4 -> hex(hi, lo, 4);
            case MAC -> MacAddress.toString(lo);
            case ADDRESS -> (hi | lo) == 0 ? "0.0.0.0" : IpAddress.toString(hi, lo);
            case IPV6 -> IpAddress.toString(hi, lo);
            case FRAGMENT ->
                switch ((int) lo) {
                    case FlowField.FRAG_NONE -> "no";
                    case FlowField.FRAG_FIRST -> "first";
                    case FlowField.FRAG_LATER -> "later";
                    default -> "0x" + Long.toHexString(lo);
                };
            case PACKET_TYPE -> "(" + (lo >>> NAME_SPACE_SHIFT) + "," + hex(0, lo & TYPE_MASK, 1) + ")";
        };
    }

    private static String hex(long hi, long lo, int digits) {
        if ((hi | lo) == 0) {
            return "0";
        }
        String low = Long.toHexString(lo);
        return hi == 0
                ? "0x" + "0".repeat(Math.max(0, digits - low.length())) + low
                : "0x" + Long.toHexString(hi) + "0".repeat(16 - low.length()) + low;
    }
}
