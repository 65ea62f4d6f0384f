package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A lease as people see it, at one moment.
 *
 * @param ip the address
 * @param mac MAC address of the client that has it, or had it last
 * @param clientId the client's identity in hexadecimal: option 61, or {@code 01} and the MAC address
 * @param hostname the reservation's host name or what the client calls itself (letters, digits, dot, dash and
 *     underscore; other bytes were replaced by a dash), or null
 * @param inPort the port that the client was last seen on, or -1 when not since the daemon started
 * @param source where the address is from
 * @param state what is known of the address
 * @param released whether the lease is an expired one because its client gave it back; not known any more after a
 *     restart
 * @param untilEpochMs when the state ends; {@link Long#MAX_VALUE} for a lease that never does. Of an expired one: when
 *     it ended
 */
public record DhcpLease(
        IpAddress ip,
        MacAddress mac,
        String clientId,
        @Nullable String hostname,
        int inPort,
        LeaseSource source,
        LeaseState state,
        boolean released,
        long untilEpochMs) {}
