package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The network that carries the tunnels.
 *
 * @param localIp this VTEP's address; its family is that of all remotes
 * @param device the interface that holds {@code localIp}, or null to find it by the address
 * @param mtuBytes MTU of the underlay, or 0 to take it from the route and the device
 * @param udpPort VXLAN's UDP port, here and at the remotes
 * @param sockets sending sockets of each worker, each with its own source port; the inner flow's hash picks one
 */
public record UnderlaySpec(IpAddress localIp, @Nullable String device, int mtuBytes, int udpPort, int sockets) {

    /** IANA's port for VXLAN (RFC 7348, section 5). */
    public static final int VXLAN_UDP_PORT = 4789;

    /** Source ports a worker when nothing else is said: enough for receive-side scaling and ECMP at the far end. */
    public static final int DEFAULT_SOCKETS = 8;
}
