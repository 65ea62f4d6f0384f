package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The underlay.
 *
 * @param localIp this VTEP
 * @param device the interface with that address, or null while there is none
 * @param state whether tunnels can carry frames
 * @param waitsFor what is missing and the remedy, one sentence; null when up
 * @param mtuBytes MTU of the underlay; 0 when not known yet
 * @param udpPort VXLAN's port
 * @param sockets sending sockets of each worker
 * @param offloads names of offloads in use ({@code udp-gso}, {@code udp-gro}, {@code gre-gro}), as probed
 * @param traffic encapsulated frames and their bytes as sent to and taken from the kernel
 */
public record UnderlayView(
        IpAddress localIp,
        @Nullable String device,
        PortState state,
        @Nullable String waitsFor,
        int mtuBytes,
        int udpPort,
        int sockets,
        List<String> offloads,
        TrafficView traffic) {

    public UnderlayView {
        offloads = List.copyOf(offloads);
    }
}
