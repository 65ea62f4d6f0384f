package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a lease, for people.
 *
 * @param ip the address
 * @param mac MAC address of the client that has it, or had it last
 * @param clientId the client's identity in hexadecimal: option 61, or {@code 01} and the MAC address
 * @param hostname the reservation's host name, or the one that the client gave (letters, digits, dot, dash and
 *     underscore; other bytes were replaced by a dash), or null
 * @param inPort the port that the client was last seen on, or -1 if it was not seen since the daemon started
 * @param source where the address comes from
 * @param state the state of the address
 * @param released for an expired lease, whether the client released it; not known after a restart
 * @param untilEpochMs when the state ends; {@link Long#MAX_VALUE} for a lease that never does. For an expired one: when
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
