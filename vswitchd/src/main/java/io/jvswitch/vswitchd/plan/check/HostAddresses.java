package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses that no host on a network has, though they are unicast. Pure functions. */
final class HostAddresses {

    private record Reserved(IpPrefix prefix, String why) {}

    private static final String LOOPBACK = "loopback";
    private static final List<Reserved> RESERVED = List.of(
            // RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3
            new Reserved(IpPrefix.parse("127.0.0.0/8"), LOOPBACK),
            new Reserved(IpPrefix.parse("::1/128"), LOOPBACK),
            // RFC 1112, section 4
            new Reserved(IpPrefix.parse("240.0.0.0/4"), "reserved"));

    private HostAddresses() {}

    /** Whether an address never leaves its host. */
    static boolean isLoopback(IpAddress address) {
        return RESERVED.stream()
                .filter(reserved -> reserved.why.equals(LOOPBACK))
                .anyMatch(reserved -> reserved.prefix.contains(address));
    }

    /** What is expected instead of the address, null when a host can have it. */
    static @Nullable String expectedInsteadOf(IpAddress address) {
        return expectedInsteadOf(IpPrefix.of(address), "an address");
    }

    /** What is expected instead of the prefix, null when hosts can have addresses of it. */
    static @Nullable String expectedInsteadOf(IpPrefix prefix) {
        return expectedInsteadOf(prefix, "a prefix");
    }

    private static @Nullable String expectedInsteadOf(IpPrefix prefix, String what) {
        for (Reserved reserved : RESERVED) {
            if (reserved.prefix.length() <= prefix.length() && reserved.prefix.contains(prefix.network())) {
                return "expected " + what + " that hosts can have: " + reserved.prefix + " is " + reserved.why;
            }
        }
        return null;
    }
}
