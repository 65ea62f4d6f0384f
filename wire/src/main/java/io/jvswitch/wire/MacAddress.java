package io.jvswitch.wire;

import java.util.regex.Pattern;

/**
 * An Ethernet MAC address (IEEE 802-2014, section 8), six octets in the low 48 bits of {@link #bits()}.
 *
 * <p>The data path uses the raw {@code long} and this class's static methods; the record is for configuration, tables
 * and people. The text form is six pairs of lower-case hexadecimal digits with colons; parsing also accepts capitals
 * and dashes.
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {

    /** {@code ff:ff:ff:ff:ff:ff}. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("MAC address 0x" + Long.toHexString(bits) + " has more than 48 bits");
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException naming the text when it is not a MAC address
     */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a MAC address: expected six pairs of hexadecimal digits, like 02:00:00:00:00:01");
        }
        return new MacAddress(Long.parseLong(text.replace(":", "").replace("-", ""), 16));
    }

    /** Whether the group bit (I/G) is set: multicast or broadcast. */
    public static boolean isMulticast(long mac) {
        return (mac & 0x0100_0000_0000L) != 0;
    }

    /** Whether it is {@code 01:80:c2:00:00:00} to {@code 0f}: never forwarded by a bridge (IEEE 802.1Q, table 8-1). */
    public static boolean isBridgeReserved(long mac) {
        return (mac & ~0xfL) == 0x0180_c200_0000L;
    }

    /** The text form of the low 48 bits. */
    public static String toString(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (mac >>> shift) & 0xff;
            text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return toString(bits);
    }
}
