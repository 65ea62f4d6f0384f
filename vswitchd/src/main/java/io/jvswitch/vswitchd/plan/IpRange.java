package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;

/**
 * Consecutive addresses of one family, both ends included.
 *
 * @param first lowest
 * @param last highest, not below {@code first}
 */
public record IpRange(IpAddress first, IpAddress last) {

    public IpRange {
        if (first.isIpv4() != last.isIpv4() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(
                    first + "-" + last + " is not a range: expected FIRST-LAST of one family, FIRST not above LAST");
        }
    }

    /**
     * Reads {@code 10.0.0.100-10.0.0.199}, or a single address.
     *
     * @throws IllegalArgumentException naming the text when it is not a range
     */
    public static IpRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            IpAddress only = IpAddress.parse(text.strip());
            return new IpRange(only, only);
        }
        return new IpRange(
                IpAddress.parse(text.substring(0, dash).strip()),
                IpAddress.parse(text.substring(dash + 1).strip()));
    }

    /** Whether {@code address} is one of them. */
    public boolean contains(IpAddress address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** Whether the two have an address in common. */
    public boolean overlaps(IpRange other) {
        return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
