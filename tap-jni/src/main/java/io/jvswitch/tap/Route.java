package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel would reach a remote address at the moment.
 *
 * @param source the source address that it would use
 * @param gateway the next hop, or null when the remote is on the link
 * @param device the outgoing device's name
 * @param deviceIndex its index
 * @param deviceMtuBytes its MTU
 * @param pathMtuBytes largest IP packet to the remote: the minimum of the MTUs of device and route, and what path-MTU
 *     discovery learnt
 * @param routeMtuBytes the minimum of the MTUs of device and route, without what the kernel learnt: it believes any
 *     ICMP error that quotes a packet of this host, even a reply to a ping
 */
public record Route(
        IpAddress source,
        @Nullable IpAddress gateway,
        String device,
        int deviceIndex,
        int deviceMtuBytes,
        int pathMtuBytes,
        int routeMtuBytes) {}
