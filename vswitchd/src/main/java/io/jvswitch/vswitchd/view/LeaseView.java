package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A DHCP lease.
 *
 * @param network name of the network
 * @param ip the address
 * @param mac the client's hardware address
 * @param port name of the port that the client was last seen on, or null when not seen since start
 * @param hostname the client's or the reservation's host name, or null
 * @param source {@code pool}, {@code reservation}, or {@code none} when the address is of neither any more
 * @param state {@code offered}, {@code bound}, {@code declined}, {@code expired} or {@code released}
 * @param remainingSeconds until it expires; 0 when expired or released
 */
public record LeaseView(
        String network,
        IpAddress ip,
        MacAddress mac,
        @Nullable String port,
        @Nullable String hostname,
        String source,
        String state,
        long remainingSeconds) {}
