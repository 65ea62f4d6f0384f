package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a network's MAC table. Exactly one of {@code port} and {@code vtep} is set, neither for the switch's own.
 *
 * @param network name of the network
 * @param mac the address
 * @param port local port behind which it is, or null
 * @param vtep remote VTEP behind which it is, or null
 * @param source {@code learned}, {@code port} (a port's binding), {@code host} (a host entry), or {@code switch}
 *     (jvswitch answers itself: a DHCP server's address)
 * @param ageSeconds since a frame was last seen from it; null for entries that do not age
 */
public record FdbView(
        String network,
        MacAddress mac,
        @Nullable String port,
        @Nullable IpAddress vtep,
        String source,
        @Nullable Long ageSeconds) {}
