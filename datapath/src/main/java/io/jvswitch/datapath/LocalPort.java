package io.jvswitch.datapath;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * A local port as translation sees it.
 *
 * @param number 1 to {@link Locations#LAST_PORT}
 * @param name the device's name
 * @param domain id of its bridge domain, or -1 without one
 * @param boundMac the only source MAC that it may use, or 0 for any
 * @param boundIps the only source addresses that it may use, each family on its own; empty for any
 * @param mtuBytes largest IP packet that it takes
 * @param attached whether its device is there
 */
public record LocalPort(
        int number, String name, int domain, long boundMac, List<IpAddress> boundIps, int mtuBytes, boolean attached) {

    public LocalPort {
        boundIps = List.copyOf(boundIps);
    }
}
