package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One address and its state. Changed only through {@link LeaseTable}, which maintains every list and index that
 * contains it; the object is reused for the address's next client, so that nothing is allocated.
 */
final class Lease {

    /** {@link #untilEpochMs}: the state does not end on its own. */
    static final long NEVER = Long.MAX_VALUE;

    /** {@link #port}: read from the lease file, and the client was not seen since. */
    static final int NO_PORT = -1;

    private static final byte[] NOTHING = {};

    final int address;
    LeaseState state = LeaseState.EXPIRED;
    /** Whether the client released it; has a meaning while it is {@link LeaseState#EXPIRED}. */
    boolean released;
    /** When the state ends; for an expired lease, when it ended. */
    long untilEpochMs;
    /**
     * How long the state was meant to last when it began, which is the most that can be left of it; 0 if that is not
     * known.
     */
    long lengthMs;
    /** Whether its times are still those read from the lease file, by the clock of an earlier daemon. */
    boolean asRead;

    long mac;
    int port = NO_PORT;
    /**
     * Name of the port on which the client was last seen, possibly before a restart; null if that port is now another.
     */
    @Nullable
    String portName;
    /** Who the client is ({@link DhcpRequest#identity}); empty if it is nobody's. */
    byte[] identity = NOTHING;
    /** Whether the MAC address is part of the identity, because another machine has the same client identifier. */
    boolean identityWithMac;
    /**
     * Whether the client is behind a relay agent, whose statements about identities count only among its own clients.
     */
    boolean relayed;
    /** The client's host name, sanitised; empty for none. */
    byte[] hostname = NOTHING;
    /**
     * Whether it was ever acknowledged to {@link #identity}: otherwise nothing is kept when an offer lapses.
     */
    boolean everBound;

    /**
     * The pool that the address belongs to, or null when it is a reservation, a port's own, or no longer in a subnet.
     */
    @Nullable
    AddressPool pool;

    // Links of the lists and indexes that LeaseTable and AddressPool keep.
    int heapIndex = -1;
    long identityHash;

    @Nullable
    Lease nextOfHash;

    @Nullable
    Lease previousInList;

    @Nullable
    Lease nextInList;

    Lease(int address) {
        this.address = address;
    }

    boolean hasIdentity(byte[] id, int idBytes) {
        return identity.length == idBytes && Arrays.equals(identity, 0, idBytes, id, 0, idBytes);
    }

    void setIdentity(byte[] id, int idBytes) {
        if (!hasIdentity(id, idBytes)) {
            identity = idBytes == 0 ? NOTHING : Arrays.copyOf(id, idBytes);
        }
    }

    /** Keeps a host name as a client sent it, with a dash forevery byte that does not belong into one. */
    void setHostname(byte[] name, int nameBytes) {
        boolean same = hostname.length == nameBytes;
        for (int i = 0; same && i < nameBytes; i++) {
            same = hostname[i] == sanitised(name[i]);
        }
        if (!same) {
            hostname = new byte[nameBytes];
            for (int i = 0; i < nameBytes; i++) {
                hostname[i] = sanitised(name[i]);
            }
        }
    }

    static byte sanitised(byte octet) {
        boolean good = octet >= 'a' && octet <= 'z'
                || octet >= 'A' && octet <= 'Z'
                || octet >= '0' && octet <= '9'
                || octet == '.'
                || octet == '_';
        return good ? octet : (byte) '-';
    }

    /** A snapshot for people. */
    DhcpLease view(LeaseSource source, @Nullable String reservedHostname) {
        String name = reservedHostname;
        if (name == null && hostname.length > 0) {
            name = new String(hostname, StandardCharsets.US_ASCII);
        }
        return new DhcpLease(
                IpAddress.ofIpv4(address),
                new MacAddress(mac),
                HexFormat.of().formatHex(identity),
                name,
                port,
                source,
                state,
                released && state == LeaseState.EXPIRED,
                untilEpochMs);
    }
}
