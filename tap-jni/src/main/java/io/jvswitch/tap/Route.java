package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel would reach a remote address now.
 *
 * @param source our address on the way
 * @param gateway the next hop, or null when the remote is on the link
 * @param device the outgoing device's name
 * @param deviceIndex and its number
 * @param deviceMtuBytes and its MTU
 * @param pathMtuBytes largest IP packet to the remote: the least of device, route and what path-MTU discovery learnt
 * @param routeMtuBytes the least of device and route: without what the kernel learnt, which it believes of any ICMP
 *     error that quotes a packet of this host, such as an answer to a ping
 */
public record Route(
        IpAddress source,
        @Nullable IpAddress gateway,
        String device,
        int deviceIndex,
        int deviceMtuBytes,
        int pathMtuBytes,
        int routeMtuBytes) {}
