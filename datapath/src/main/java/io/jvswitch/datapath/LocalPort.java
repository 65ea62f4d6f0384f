package io.jvswitch.datapath;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * A local port as translation sees it.
 *
 * @param number 1 to {@link Locations#LAST_PORT}
 * @param name the device's name
 * @param domain id of the bridge domain of frames that have no tag of the cable's, or -1 without one
 * @param boundMac the only source MAC that it may use, or 0 for any
 * @param boundIps the only source addresses that it may use, each family on its own; empty for any
 * @param mtuBytes largest IP packet that it takes
 * @param attached whether its device is there and has a carrier
 * @param vlans what VLAN tags mean on it
 */
public record LocalPort(
        int number,
        String name,
        int domain,
        long boundMac,
        List<IpAddress> boundIps,
        int mtuBytes,
        boolean attached,
        PortVlans vlans) {

    public LocalPort {
        boundIps = List.copyOf(boundIps);
    }

    /** Whether frames of a network come in and leave here, with a tag of the cable's or without one. */
    public boolean isIn(int network) {
        return domain == network || isTagged(network);
    }

    /** Whether a network has a tag of the cable's on it. */
    public boolean isTagged(int network) {
        return vlans.vidOf(network) != PortVlans.NONE;
    }

    /** A port on which every tag is the guest's own. */
    public LocalPort(
            int number,
            String name,
            int domain,
            long boundMac,
            List<IpAddress> boundIps,
            int mtuBytes,
            boolean attached) {
        this(number, name, domain, boundMac, boundIps, mtuBytes, attached, PortVlans.any());
    }
}
