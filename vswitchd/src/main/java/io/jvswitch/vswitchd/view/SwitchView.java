package io.jvswitch.vswitchd.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole switch, for {@code show}.
 *
 * @param name the switch's name
 * @param version of jvswitch
 * @param pid the daemon's process id
 * @param uptimeSeconds since the daemon started
 * @param workers data-path threads
 * @param reactor what blocks when idle: {@code io_uring} or {@code epoll}
 * @param flows megaflows installed now, all workers
 * @param underlay null when no network has a tunnel
 * @param networks in configured order
 * @param bridges of a database, by name
 * @param ports in configured order
 * @param vteps in the order in which they became known
 * @param learnedTraffic what crossed tunnels to VTEPs while no network named them, also to those that are known no more
 */
public record SwitchView(
        String name,
        String version,
        long pid,
        long uptimeSeconds,
        int workers,
        String reactor,
        long flows,
        @Nullable UnderlayView underlay,
        List<NetworkView> networks,
        List<BridgeView> bridges,
        List<PortView> ports,
        List<VtepView> vteps,
        TunnelTrafficView learnedTraffic) {

    public SwitchView {
        networks = List.copyOf(networks);
        bridges = List.copyOf(bridges);
        ports = List.copyOf(ports);
        vteps = List.copyOf(vteps);
    }
}
