package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;

/**
 * An IP prefix in CIDR notation (RFC 4632, RFC 4291 section 2.3).
 *
 * @param network the lowest address; host bits are zero
 * @param length bits of the prefix: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress network, int length) {

    private static final int IPV4_MAPPED_BITS = 96;

    public IpPrefix {
        int most = network.isIpv4() ? 32 : 128;
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " of " + network + ": expected 0 to " + most);
        }
        IpAddress lowest = masked(network, length, false);
        if (!lowest.equals(network)) {
            throw new IllegalArgumentException(
                    "'" + network + "/" + length + "' has host bits set: expected " + lowest + "/" + length);
        }
    }

    /**
     * Reads {@code 10.0.0.0/24} or {@code 2001:db8::/64}.
     *
     * @throws IllegalArgumentException naming the text when it is not a prefix or has host bits set
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        String digits = text.substring(slash + 1);
        if (slash < 0 || !digits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a prefix: expected ADDRESS/LENGTH like 10.0.0.0/24 or 2001:db8::/64");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(digits));
    }

    /** One address. */
    public static IpPrefix of(IpAddress address) {
        return new IpPrefix(address, address.isIpv4() ? 32 : 128);
    }

    public boolean isIpv4() {
        return network.isIpv4();
    }

    /** The highest address: an IPv4 subnet's directed broadcast. */
    public IpAddress last() {
        return masked(network, length, true);
    }

    /** Whether {@code address} lies in the prefix. */
    public boolean contains(IpAddress address) {
        return address.isIpv4() == network.isIpv4()
                && masked(address, length, false).equals(network);
    }

    /** Whether one contains the other. */
    public boolean overlaps(IpPrefix other) {
        return contains(other.network) || other.contains(network);
    }

    private static IpAddress masked(IpAddress address, int length, boolean fill) {
        int bits = address.isIpv4() ? length + IPV4_MAPPED_BITS : length;
        long maskHi = bits >= 64 ? -1L : bits == 0 ? 0 : -1L << 64 - bits;
        long maskLo = bits <= 64 ? 0 : bits == 128 ? -1L : -1L << 128 - bits;
        long hi = fill ? address.hi() | ~maskHi : address.hi() & maskHi;
        long lo = fill ? address.lo() | ~maskLo : address.lo() & maskLo;
        return new IpAddress(hi, lo);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
