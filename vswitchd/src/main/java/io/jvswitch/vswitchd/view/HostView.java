package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host behind another VTEP, known by configuration or command.
 *
 * @param network name of its network
 * @param mac its MAC address
 * @param ips its addresses
 * @param vtep where it lives
 * @param router whether it routes, by configuration or its own word; null when nobody has said
 */
public record HostView(
        String network,
        MacAddress mac,
        List<IpAddress> ips,
        IpAddress vtep,
        @Nullable Boolean router) {

    public HostView {
        ips = List.copyOf(ips);
    }
}
