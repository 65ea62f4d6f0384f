package io.jvswitch.flowtable.key;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How values of a field are written and read, as ovs-fields(7) has it.
 *
 * <p>What {@link #format(int, MaskedValue)} writes {@link #parse} reads as the same value, for every value whose bits
 * are within its mask. A mask follows its value behind a slash: a prefix length where an address has one, an address
 * where a MAC or an address has none, else a hexadecimal number. Sets of flags write {@code +set-clear}.
 */
public enum FieldForm {
    DECIMAL,
    HEX,
    /** Hexadecimal with four digits: EtherTypes and tags. */
    HEX4,
    MAC,
    /** 128 bits, in which an IPv4 address is mapped: written as an IPv4 address where it is one. */
    ADDRESS,
    /** 32 bits. */
    IPV4,
    IPV6,
    /** {@link FlowField#IP_FRAG}: no, yes, first, later, not_later. */
    FRAGMENT,
    /** {@link FlowField#PACKET_TYPE}: {@code (0,0x800)}, name space and type. */
    PACKET_TYPE,
    /** {@link FlowField#TCP_FLAGS}: {@code syn|ack} for all bits, {@code +syn-ack} for some. */
    TCP_FLAGS,
    /** {@link FlowField#CT_STATE}: {@code est|trk} for all bits, {@code +trk-new} for some. */
    CT_STATE;

    /** Written for a value of which no bit counts. */
    public static final String ANY = "ANY";

    private static final int NAME_SPACE_SHIFT = 16;
    private static final int TYPE_MASK = 0xffff;
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    /** Ones in the low half above an IPv4-mapped address. */
    private static final long ABOVE_IPV4 = 0xffff_ffff_0000_0000L;

    private static final FlagNames TCP_NAMES = new FlagNames(
            List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]"));
    private static final FlagNames CT_NAMES =
            new FlagNames(List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"));

    private static final long FRAG_ANY_BIT = FlowField.FRAG_FIRST;
    private static final long FRAG_LATER_BIT = FlowField.FRAG_LATER & ~FlowField.FRAG_FIRST;

    /** A value as an operator writes it. */
    public String format(long hi, long lo) {
        return switch (this) {
            case DECIMAL -> Long.toUnsignedString(lo);
            case HEX, TCP_FLAGS, CT_STATE -> hex(hi, lo, 1);
            case HEX4 -> hex(hi, lo, 4);
            case MAC -> MacAddress.toString(lo);
            case IPV4 -> IpAddress.ipv4ToString((int) lo);
            case ADDRESS, IPV6 -> IpAddress.toString(hi, lo);
            case FRAGMENT ->
                switch ((int) lo) {
                    case FlowField.FRAG_NONE -> "no";
                    case FlowField.FRAG_FIRST -> "first";
                    case FlowField.FRAG_LATER -> "later";
                    default -> hex(0, lo, 1);
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

    /**
     * A value and its mask as an operator writes them.
     *
     * @param bits the field's width
     * @param value bits outside the mask are 0
     */
    public String format(int bits, MaskedValue value) {
        if (value.isWild()) {
            return ANY;
        }
        boolean exact = value.isExact(bits);
        return switch (this) {
            case MAC -> MacAddress.toString(value.lo()) + (exact ? "" : "/" + MacAddress.toString(value.maskLo()));
            case IPV4 -> formatIpv4(value);
            case IPV6 -> exact ? formatIpv6(value.hi(), value.lo()) : formatIpv6(value);
            case ADDRESS -> formatAddress(value);
            case FRAGMENT -> formatFragment(bits, value);
            case TCP_FLAGS -> TCP_NAMES.format(bits, value, masked(bits, value));
            case CT_STATE -> CT_NAMES.format(bits, value, masked(bits, value));
            default -> masked(bits, value);
        };
    }

    private String masked(int bits, MaskedValue value) {
        String text = format(value.hi(), value.lo());
        return value.isExact(bits) ? text : text + "/" + hex(value.maskHi(), value.maskLo(), 1);
    }

    private static String formatIpv4(MaskedValue value) {
        String text = IpAddress.ipv4ToString((int) value.lo());
        int mask = (int) value.maskLo();
        int length = Integer.bitCount(mask);
        if (length == 32) {
            return text;
        }
        return text + "/" + (mask == -1 << 32 - length ? "" + length : IpAddress.ipv4ToString(mask));
    }

    private static String formatIpv6(MaskedValue value) {
        int length = Long.bitCount(value.maskHi()) + Long.bitCount(value.maskLo());
        boolean prefix = value.maskHi() == leading(length) && value.maskLo() == leading(length - 64);
        return formatIpv6(value.hi(), value.lo())
                + "/"
                + (prefix ? "" + length : formatIpv6(value.maskHi(), value.maskLo()));
    }

    /** An address that is IPv6 even where it would be an IPv4-mapped one. */
    static String formatIpv6(long hi, long lo) {
        return IpAddress.isIpv4(hi, lo) ? "::ffff:" + IpAddress.ipv4ToString((int) lo) : IpAddress.toString(hi, lo);
    }

    /** Whether it is an IPv4-mapped address, and all counts that tells it from an IPv6 one. */
    static boolean isIpv4(MaskedValue value) {
        return IpAddress.isIpv4(value.hi(), value.lo())
                && value.maskHi() == -1L
                && (value.maskLo() & ABOVE_IPV4) == ABOVE_IPV4;
    }

    private static String formatAddress(MaskedValue value) {
        if (isIpv4(value)) {
            return formatIpv4(new MaskedValue(0, value.lo(), 0, value.maskLo()));
        }
        return value.isExact(128) ? formatIpv6(value.hi(), value.lo()) : formatIpv6(value);
    }

    private String formatFragment(int bits, MaskedValue value) {
        if (value.isExact(bits) || value.maskLo() == FlowField.FRAG_LATER) {
            return format(0, value.lo()) + (value.isExact(bits) ? "" : "/0x3");
        }
        if (value.maskLo() == FRAG_ANY_BIT) {
            return value.lo() == 0 ? "no/0x1" : "yes";
        }
        return value.maskLo() == FRAG_LATER_BIT && value.lo() == 0 ? "not_later" : masked(bits, value);
    }

    /** The first {@code bits} bits of 64. */
    private static long leading(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    /**
     * Reads what {@link #format(int, MaskedValue)} writes, and what operators write as well: numbers decimal or
     * hexadecimal, masks in any of the ways that fit.
     *
     * @param bits the field's width
     * @return the value, without bits outside its mask
     * @throws IllegalArgumentException naming the text when it is none, or does not fit
     */
    public MaskedValue parse(String text, int bits) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        if (lower.equals("any") || lower.equals("*")) {
            return new MaskedValue(0, 0, 0, 0);
        }
        MaskedValue flags = parseNamed(lower, bits);
        if (flags != null) {
            return flags;
        }
        int slash = lower.indexOf('/');
        String valueText = slash < 0 ? lower : lower.substring(0, slash);
        BigInteger value = parseValue(valueText, text);
        BigInteger ones = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        BigInteger mask = slash < 0 ? ones : parseMask(lower.substring(slash + 1), valueText, text, bits);
        if (value.andNot(ones).signum() != 0 || mask.andNot(ones).signum() != 0) {
            throw new IllegalArgumentException("'" + text + "' does not fit into " + bits + " bits");
        }
        return of(value.and(mask), mask);
    }

    private static MaskedValue of(BigInteger value, BigInteger mask) {
        return new MaskedValue(
                value.shiftRight(64).longValue(),
                value.longValue(),
                mask.shiftRight(64).longValue(),
                mask.longValue());
    }

    private @Nullable MaskedValue parseNamed(String text, int bits) {
        return switch (this) {
            case TCP_FLAGS -> TCP_NAMES.parse(text, bits);
            case CT_STATE -> CT_NAMES.parse(text, bits);
            case FRAGMENT ->
                switch (text) {
                    case "yes" -> new MaskedValue(0, FRAG_ANY_BIT, 0, FRAG_ANY_BIT);
                    case "not_later" -> new MaskedValue(0, 0, 0, FRAG_LATER_BIT);
                    default -> null;
                };
            default -> null;
        };
    }

    private BigInteger parseValue(String value, String whole) {
        return switch (this) {
            case MAC -> BigInteger.valueOf(MacAddress.parse(value).bits());
            case IPV4 -> BigInteger.valueOf(IpAddress.parse(value).ipv4() & 0xffff_ffffL);
            case ADDRESS, IPV6 -> {
                IpAddress address = IpAddress.parse(value);
                yield number(address.hi(), address.lo());
            }
            case PACKET_TYPE -> parsePacketType(value, whole);
            case FRAGMENT ->
                switch (value) {
                    case "no" -> BigInteger.valueOf(FlowField.FRAG_NONE);
                    case "first" -> BigInteger.valueOf(FlowField.FRAG_FIRST);
                    case "later" -> BigInteger.valueOf(FlowField.FRAG_LATER);
                    default -> parseNumber(value, whole);
                };
            default -> parseNumber(value, whole);
        };
    }

    private static BigInteger parsePacketType(String value, String whole) {
        int comma = value.indexOf(',');
        if (!value.startsWith("(") || !value.endsWith(")") || comma < 0) {
            return parseNumber(value, whole);
        }
        BigInteger nameSpace = parseNumber(value.substring(1, comma).trim(), whole);
        BigInteger type =
                parseNumber(value.substring(comma + 1, value.length() - 1).trim(), whole);
        if (nameSpace.bitLength() > NAME_SPACE_SHIFT || type.bitLength() > NAME_SPACE_SHIFT) {
            throw new IllegalArgumentException("'" + whole + "' is not a packet type: expected one like (1,0x800)");
        }
        return nameSpace.shiftLeft(NAME_SPACE_SHIFT).or(type);
    }

    private BigInteger parseMask(String mask, String value, String whole, int bits) {
        boolean address = this == IPV4 || this == IPV6 || this == ADDRESS;
        if (this == MAC && mask.indexOf(':') > 0) {
            return BigInteger.valueOf(MacAddress.parse(mask).bits());
        }
        // In a field for both kinds of addresses, what is written as IPv4 has its mask written so too.
        boolean mapped = this == ADDRESS && value.indexOf(':') < 0;
        int width = mapped ? 32 : bits;
        BigInteger low;
        if (address && (mask.indexOf(':') >= 0 || mask.indexOf('.') >= 0)) {
            IpAddress parsed = IpAddress.parse(mask);
            low = width == 32 ? BigInteger.valueOf(parsed.ipv4() & 0xffff_ffffL) : number(parsed.hi(), parsed.lo());
        } else if (address) {
            int length = parseNumber(mask, whole).intValueExact();
            if (length < 0 || length > width) {
                throw new IllegalArgumentException(
                        "'" + whole + "' has a prefix of " + length + " bits: must be 0 to " + width);
            }
            low = BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(width - length);
        } else {
            return parseNumber(mask, whole);
        }
        BigInteger above = number(-1L, ABOVE_IPV4);
        return mapped ? low.or(above) : low;
    }

    private static BigInteger number(long hi, long lo) {
        return unsigned(hi).multiply(TWO_64).add(unsigned(lo));
    }

    private static BigInteger unsigned(long half) {
        return new BigInteger(Long.toUnsignedString(half));
    }

    private static BigInteger parseNumber(String text, String whole) {
        try {
            BigInteger number = text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
            if (number.signum() >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message that says what was expected
        }
        throw new IllegalArgumentException("'" + whole + "' is not a value of this field: '" + text
                + "' is no number, expected one like 10 or 0xa");
    }
}
