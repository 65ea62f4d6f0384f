package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.IpAddress;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a subnet that any client may get, and which of them have a lease.
 *
 * <p>One bit per address, so even a pool of 16 million costs only 2 MB per bit set. A free address is searched from the
 * place that the client's MAC address hashes to, so that a client that comes back after its record was lost gets the
 * same address again. Addresses that once had a client are queued in the order in which they became free, and given
 * away, longest free first, when there is no unused one left. Single-threaded.
 */
final class AddressPool {

    /** {@link #firstUnused}: there is none. */
    static final long NONE = -1;

    private final int[] firsts;
    private final int[] indexes;
    private final int addresses;
    /** Addresses in the ranges that do not belong to the pool. */
    private final BitSet excluded = new BitSet();
    /** Excluded addresses and those with a lease, in any state. */
    private final BitSet taken = new BitSet();

    private int untouched;
    private final LeaseList freed = new LeaseList();
    private final int perPort;

    AddressPool(DhcpSubnet subnet) {
        List<DhcpSubnet.Range> ranges = subnet.pools();
        firsts = new int[ranges.size()];
        indexes = new int[ranges.size() + 1];
        for (int i = 0; i < firsts.length; i++) {
            int first = ranges.get(i).first().ipv4();
            firsts[i] = first;
            indexes[i + 1] = indexes[i] + ranges.get(i).last().ipv4() - first + 1;
        }
        addresses = indexes[firsts.length];
        exclude(subnet.server());
        exclude(subnet.gateway());
        if (subnet.broadcastAddress() != 0) {
            exclude(subnet.network());
            exclude(IpAddress.ofIpv4(subnet.broadcastAddress()));
        }
        subnet.excluded().forEach(this::exclude);
        subnet.reservations().values().forEach(reservation -> exclude(reservation.ip()));
        taken.or(excluded);
        untouched = size();
        perPort = subnet.leasesPerPort() > 0 ? subnet.leasesPerPort() : Math.max(1, size() - Math.max(1, size() / 4));
    }

    private void exclude(@Nullable IpAddress address) {
        int index = address != null && address.isIpv4() ? indexOf(address.ipv4()) : -1;
        if (index >= 0) {
            excluded.set(index);
        }
    }

    /** Number of addresses that it can give out. */
    int size() {
        return addresses - excluded.cardinality();
    }

    /** How many of its addresses the clients on one port may have at once. */
    int perPort() {
        return perPort;
    }

    /** Whether the address belongs to the pool. */
    boolean contains(int address) {
        int index = indexOf(address);
        return index >= 0 && !excluded.get(index);
    }

    /** Notes that an address of the pool has a lease. */
    void take(int address) {
        int index = indexOf(address);
        if (index >= 0 && !taken.get(index)) {
            taken.set(index);
            untouched--;
        }
    }

    /** Notes that an address no longer has a lease. */
    void giveBack(int address) {
        int index = indexOf(address);
        if (index >= 0 && taken.get(index) && !excluded.get(index)) {
            taken.clear(index);
            untouched++;
        }
    }

    /**
     * The next address without a lease from where a hash points, or {@link #NONE}.
     *
     * @return the address's 32 bits
     */
    long firstUnused(long hash) {
        if (untouched == 0) {
            return NONE;
        }
        int index = taken.nextClearBit((int) Long.remainderUnsigned(hash, addresses));
        if (index >= addresses) {
            index = taken.nextClearBit(0);
        }
        return addressAt(index) & 0xffff_ffffL;
    }

    /** Expired leases of the pool, the one that ended longest ago first. */
    LeaseList freed() {
        return freed;
    }

    private int indexOf(int address) {
        for (int i = 0; i < firsts.length; i++) {
            int index = address - firsts[i];
            if (index >= 0 && index < indexes[i + 1] - indexes[i]) {
                return indexes[i] + index;
            }
        }
        return -1;
    }

    private int addressAt(int index) {
        int range = 0;
        while (index >= indexes[range + 1]) {
            range++;
        }
        return firsts[range] + index - indexes[range];
    }
}
