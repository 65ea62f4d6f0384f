package io.jvswitch.wire;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address as 128 bits; IPv4 is kept in its IPv4-mapped form {@code ::ffff:a.b.c.d} (RFC 4291, section
 * 2.5.5.2), so that both kinds are compared, hashed and carried in frames in the same way.
 *
 * <p>The data path uses the raw halves and this class's static methods; the record is for configuration, tables and
 * people. The text form is dotted decimal, or RFC 5952.
 */
public record IpAddress(long hi, long lo) implements Comparable<IpAddress> {

    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** The IPv4 address whose four octets are {@code bits}, first octet highest. */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(0, mappedLo(bits));
    }

    /** The low half of an IPv4 address's mapped form; its high half is 0. */
    public static long mappedLo(int ipv4) {
        return V4_MAPPED | ipv4 & 0xffff_ffffL;
    }

    /** Whether the halves hold an IPv4 address in mapped form. */
    public static boolean isIpv4(long hi, long lo) {
        return hi == 0 && lo >>> 32 == 0xffffL;
    }

    /**
     * Parses an address literal; never queries a name server.
     *
     * @throws IllegalArgumentException naming the text when it is neither an IPv4 nor an IPv6 address
     */
    public static IpAddress parse(String text) {
        boolean dotted = DOTTED.matcher(text).matches();
        if (dotted || COLONS.matcher(text).matches()) {
            try {
                byte[] bytes = InetAddress.ofLiteral(text).getAddress();
                if (bytes.length == 4) {
                    return ofIpv4((int) bits(bytes, 0, 4));
                }
                if (!dotted) {
                    return new IpAddress(bits(bytes, 0, 8), bits(bytes, 8, 8));
                }
            } catch (IllegalArgumentException e) {
                // falls through to the one message that says what was expected
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not an IP address: expected IPv4 like 192.0.2.1 or IPv6 like 2001:db8::1");
    }

    private static long bits(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    public boolean isIpv4() {
        return isIpv4(hi, lo);
    }

    /**
     * The four octets of an IPv4 address, first octet highest.
     *
     * @throws IllegalStateException for an IPv6 address
     */
    public int ipv4() {
        if (!isIpv4()) {
            throw new IllegalStateException(this + " is not an IPv4 address");
        }
        return (int) lo;
    }

    /** Whether it is 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return isIpv4() ? (lo >>> 28 & 0xf) == 0xe : hi >>> 56 == 0xff;
    }

    /** Whether it is in fe80::/10 (RFC 4291, section 2.5.6): it has a meaning only together with its link. */
    public boolean isLinkLocal() {
        return hi >>> 54 == 0xfe80 >>> 6;
    }

    /** Whether it is 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return isIpv4() ? (int) lo == 0 : (hi | lo) == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byHi = Long.compareUnsigned(hi, other.hi);
        return byHi != 0 ? byHi : Long.compareUnsigned(lo, other.lo);
    }

    @Override
    public String toString() {
        return toString(hi, lo);
    }

    /** The text form of the two halves. */
    public static String toString(long hi, long lo) {
        if (isIpv4(hi, lo)) {
            return ipv4ToString((int) lo);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (hi >>> 48 - 16 * i) & 0xffff;
            groups[i + 4] = (int) (lo >>> 48 - 16 * i) & 0xffff;
        }
        int zerosFrom = -1;
        int zeros = 1; // RFC 5952, section 4.2.2: "::" never stands for a single group
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > zeros) {
                zerosFrom = i;
                zeros = run;
            }
            i += run;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == zerosFrom) {
                text.append("::");
                i += zeros - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Dotted decimal of the four octets. */
    public static String ipv4ToString(int ipv4) {
        return (ipv4 >>> 24) + "." + (ipv4 >>> 16 & 0xff) + "." + (ipv4 >>> 8 & 0xff) + "." + (ipv4 & 0xff);
    }
}
