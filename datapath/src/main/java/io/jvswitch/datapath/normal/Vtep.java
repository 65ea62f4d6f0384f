package io.jvswitch.datapath.normal;

import io.jvswitch.wire.IpAddress;

/**
 * A remote tunnel endpoint as NORMAL knows it.
 *
 * @param index its place in the bridge; never reused for another address while the switch runs
 * @param address outer destination
 * @param udpPort UDP destination port of VXLAN
 * @param pathMtuBytes MTU of the underlay path towards it (outer IP packet)
 */
public record Vtep(int index, IpAddress address, int udpPort, int pathMtuBytes) {}
