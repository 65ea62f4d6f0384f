package io.jvswitch.dhcp;

import org.jspecify.annotations.Nullable;

/**
 * One line of a lease file, as read.
 *
 * @param kind what it says
 * @param ip the address
 * @param mac the client's MAC address; 0 where the kind has no client
 * @param identity the client's identity; empty where the kind has no client
 * @param identityWithMac whether the MAC address is part of the identity
 * @param relayed whether the client is behind a relay agent
 * @param hostname the client's host name; empty for none
 * @param untilEpochMs when the state ends, or ended; {@link Lease#NEVER}
 * @param port name of the port on which the client was last seen, or null
 * @param lengthMs how long the state was meant to last when it began; 0 if not given
 */
@SuppressWarnings("ArrayRecordComponent") // read by its owner, never compared
record LeaseRecord(
        Kind kind,
        int ip,
        long mac,
        byte[] identity,
        boolean identityWithMac,
        boolean relayed,
        byte[] hostname,
        long untilEpochMs,
        @Nullable String port,
        long lengthMs) {

    enum Kind {
        /** The address is leased. */
        BOUND("bound"),
        /** The address is free; this client had it last. */
        FREE("free"),
        /** The address is in quarantine. */
        DECLINED("declined"),
        /** The address has no lease any more. */
        GONE("gone");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
