package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * A remote VTEP.
 *
 * @param address its address
 * @param source {@code remote} (in a flood list), {@code host} (only hosts live there), or {@code learned}
 * @param networks names of the networks that know it
 * @param pathMtuBytes MTU of the path to it, from the route or discovered; 0 when there is no route
 * @param routeMtuBytes what route and device take by themselves: more than the path where a router on the way said so
 * @param traffic what crossed the tunnels to it, of all networks, since the daemon started or, of a learned one, since
 *     it was learned
 */
public record VtepView(
        IpAddress address,
        String source,
        List<String> networks,
        int pathMtuBytes,
        int routeMtuBytes,
        TunnelTrafficView traffic) {

    /** {@link #source}: no network names it. */
    public static final String LEARNED = "learned";

    public VtepView {
        networks = List.copyOf(networks);
    }
}
