package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One address and what is known of it. Changed through {@link LeaseTable} only, which keeps every list and index that
 * it is in; the object is used again for the address's next client, so that renewals allocate nothing.
 */
final class Lease {

    /** {@link #untilEpochMs}: the state does not end by itself. */
    static final long NEVER = Long.MAX_VALUE;

    /** {@link #port}: read from the lease file and not seen since. */
    static final int NO_PORT = -1;

    private static final byte[] NOTHING = {};

    final int address;
    LeaseState state = LeaseState.EXPIRED;
    /** Whether the client gave it back, as long as it is {@link LeaseState#EXPIRED}. */
    boolean released;
    /** When the state ends; of an expired lease, when it ended. */
    long untilEpochMs;
    /** How long the state was to last when it began, or 0 when that is not known: it cannot last longer. */
    long lengthMs;
    /** Whether its times are as read from the lease file, by the clock of an earlier daemon. */
    boolean asRead;

    long mac;
    int port = NO_PORT;
    /** Name of the port that the client was last seen on, before a restart too; null when that is another's by now. */
    @Nullable
    String portName;
    /** Who the client is ({@link DhcpRequest#identity}); empty while nobody is known. */
    byte[] identity = NOTHING;
    /** Whether the MAC address is part of the identity, because another machine has the same client identifier. */
    boolean identityWithMac;
    /** Whether the client is behind a relay agent, whose word on identities counts among its own clients only. */
    boolean relayed;
    /** The client's host name, sanitised; empty for none. */
    byte[] hostname = NOTHING;
    /**
     * Whether it was ever acknowledged to {@link #identity}: an offer that lapses leaves nothing worth keeping
     * otherwise.
     */
    boolean everBound;

    /** The pool that the address is of, or null when it is a reservation, a port's own, or of no subnet any more. */
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

    /** Keeps a host name as a client sent it, with a dash for every byte that does not belong into one. */
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

    /** What people see. */
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
