package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.wire.IpAddress;

/**
 * A remote VTEP, as far as it is known.
 *
 * @param number of its tunnel port, and so the place of who is behind it; its own while it is known
 * @param address outer destination
 * @param udpPort UDP destination port of VXLAN
 * @param pathMtuBytes MTU of the underlay path towards it (outer IP packet)
 * @param traffic what its tunnel port counts
 */
public record Vtep(int number, IpAddress address, int udpPort, int pathMtuBytes, TunnelTraffic traffic) {

    Vtep withPathMtu(int bytes) {
        return new Vtep(number, address, udpPort, bytes, traffic);
    }

    Vtep withTraffic(TunnelTraffic other) {
        return new Vtep(number, address, udpPort, pathMtuBytes, other);
    }
}
