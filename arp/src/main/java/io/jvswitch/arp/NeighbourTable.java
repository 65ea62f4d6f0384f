package io.jvswitch.arp;

import io.jvswitch.wire.AddressTable;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.Map;

/**
 * Which MAC address holds which IP address in one network: what the ARP and neighbour-discovery responders answer from.
 *
 * <p>Both address families share one table; an IPv4 address is kept in its IPv4-mapped form, as {@link IpAddress} has
 * it. An entry says whether it is a router's, as far as that is known, because neighbour advertisements have to tell.
 *
 * <p>Immutable, hence safe for any thread without synchronisation, and part of the snapshot that the translator reads.
 * The cost of a change does not depend on the table's size: {@link AddressTable}.
 */
public final class NeighbourTable {

    /** {@link #macOf}: no entry for that address. */
    public static final long UNKNOWN = -1;

    /** Set in every entry, so that none has the value 0. */
    private static final long PRESENT = 1L << 62;

    private static final long ROUTER = 1L << 48;
    private static final long HOST = 1L << 49;
    private static final long MAC_BITS = 0xffff_ffff_ffffL;

    private static final NeighbourTable EMPTY = new NeighbourTable(AddressTable.of());

    private final AddressTable entries;

    private NeighbourTable(AddressTable entries) {
        this.entries = entries;
    }

    /** The table without entries. */
    public static NeighbourTable of() {
        return EMPTY;
    }

    /** A table of the given entries, each of unknown kind. */
    public static NeighbourTable of(Map<IpAddress, MacAddress> entries) {
        Builder builder = new Builder();
        entries.forEach((ip, mac) -> builder.add(ip, mac));
        return builder.build();
    }

    /** Collects many entries at once. */
    public static Builder builder() {
        return new Builder();
    }

    /** This table with one more entry, or with that address's entry replaced; of unknown kind. */
    public NeighbourTable with(IpAddress ip, MacAddress mac) {
        return with(ip, mac, NodeKind.UNKNOWN);
    }

    /** This table with one more entry, or with that address's entry replaced. */
    public NeighbourTable with(IpAddress ip, MacAddress mac, NodeKind kind) {
        return new NeighbourTable(entries.with(ip.hi(), ip.lo(), value(mac, kind)));
    }

    private static long value(MacAddress mac, NodeKind kind) {
        return mac.bits()
                | PRESENT
                | switch (kind) {
                    case UNKNOWN -> 0;
                    case HOST -> HOST;
                    case ROUTER -> ROUTER;
                };
    }

    /** This table without that address; this table itself when it has none such. */
    public NeighbourTable without(IpAddress ip) {
        AddressTable rest = entries.without(ip.hi(), ip.lo());
        return rest == entries ? this : new NeighbourTable(rest);
    }

    /**
     * The MAC address that holds an IP address, in the low 48 bits, or {@link #UNKNOWN}. Does not allocate.
     *
     * @param hi high half of the address; 0 for IPv4
     * @param lo low half of the address; {@link IpAddress#mappedLo} for IPv4
     */
    public long macOf(long hi, long lo) {
        long value = entries.get(hi, lo);
        return value == AddressTable.ABSENT ? UNKNOWN : value & MAC_BITS;
    }

    /** {@link #macOf} of an IPv4 address, first octet highest. */
    public long macOfIpv4(int ipv4) {
        return macOf(0, IpAddress.mappedLo(ipv4));
    }

    /** Whether the address has an entry that is a router's. */
    public boolean isRouter(long hi, long lo) {
        return (entries.get(hi, lo) & ROUTER) != 0;
    }

    /** What is known about the address's holder; unknown without an entry. */
    public NodeKind kindOf(long hi, long lo) {
        return kind(entries.get(hi, lo));
    }

    private static NodeKind kind(long value) {
        if ((value & ROUTER) != 0) {
            return NodeKind.ROUTER;
        }
        return (value & HOST) != 0 ? NodeKind.HOST : NodeKind.UNKNOWN;
    }

    /** Entries in it. */
    public int size() {
        return entries.size();
    }

    /** Calls {@code consumer} once for each entry, in no particular order. */
    public void forEach(EntryConsumer consumer) {
        entries.forEach((hi, lo, value) -> consumer.accept(hi, lo, value & MAC_BITS, kind(value)));
    }

    /** Takes the entries of a table one by one. */
    @FunctionalInterface
    public interface EntryConsumer {
        /**
         * One entry.
         *
         * @param hi high half of the IP address
         * @param lo low half of the IP address
         * @param mac the MAC address that holds it, low 48 bits
         * @param kind what is known about its role
         */
        void accept(long hi, long lo, long mac, NodeKind kind);
    }

    /**
     * Builds a table of many entries without copying once per entry. Single-threaded; of two entries for one address
     * the later stays.
     */
    public static final class Builder {
        private final AddressTable.Builder entries = AddressTable.builder();

        private Builder() {}

        /** Adds an entry of unknown kind. */
        public Builder add(IpAddress ip, MacAddress mac) {
            return add(ip, mac, NodeKind.UNKNOWN);
        }

        /** Adds an entry. */
        public Builder add(IpAddress ip, MacAddress mac, NodeKind kind) {
            entries.put(ip.hi(), ip.lo(), value(mac, kind));
            return this;
        }

        /** The table; the builder can go on and build another. */
        public NeighbourTable build() {
            return new NeighbourTable(entries.build());
        }
    }
}
