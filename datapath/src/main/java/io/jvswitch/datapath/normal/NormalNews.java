package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.IpAddress;

/** What a frame teaches a bridge that learns. */
public sealed interface NormalNews extends News {

    @Override
    default boolean allowsFlow() {
        return true;
    }

    /**
     * A source MAC seen at a new place.
     *
     * @param network index of the network
     * @param fdb the network's MAC table
     * @param vlan of the guests' own
     * @param location of which {@link Locations} speaks
     */
    record Learn(int network, Fdb fdb, long mac, int vlan, int location) implements NormalNews {
        @Override
        public int sender() {
            return Locations.sender(location);
        }
    }

    /** A configured station says of itself whether it routes. */
    record Role(int network, long mac, int location, boolean router) implements NormalNews {
        @Override
        public int sender() {
            return Locations.sender(location);
        }
    }

    /**
     * A gratuitous ARP at a port that is no bond's: the address is to be {@link ArpLocks#lock locked}, for each of them
     * anew.
     *
     * @param location of the sender
     */
    record Announcement(ArpLocks locks, long mac, int vlan, int location) implements NormalNews {
        @Override
        public int sender() {
            return Locations.sender(location);
        }

        @Override
        public boolean allowsFlow() {
            return false;
        }
    }

    /** A frame from a VTEP that is accepted and has no index yet: it must have one before it can be learnt from. */
    record NewVtep(IpAddress address) implements NormalNews {
        @Override
        public int sender() {
            return Locations.UNDERLAY;
        }

        @Override
        public boolean allowsFlow() {
            return false;
        }
    }
}
