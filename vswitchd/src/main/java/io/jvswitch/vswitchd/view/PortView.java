package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port.
 *
 * @param name device name
 * @param number the switch-wide port number that flows show
 * @param kind {@code tap}, {@code system} or {@code internal}
 * @param network name of its network
 * @param state whether it carries frames
 * @param waitsFor what it waits for or why it failed, with the remedy, one sentence; null when up
 * @param mac the MAC address it is bound to, or null
 * @param ips the addresses it is bound to
 * @param queues queues of the device
 * @param mtuBytes MTU of the device; 0 when not known yet
 * @param netns namespace that the device was moved to, or null
 * @param offloads names of offloads in use ({@code csum}, {@code tso4}, {@code tso6}, {@code uso}), as probed
 * @param traffic what crossed it
 */
public record PortView(
        String name,
        int number,
        String kind,
        String network,
        PortState state,
        @Nullable String waitsFor,
        @Nullable MacAddress mac,
        List<IpAddress> ips,
        int queues,
        int mtuBytes,
        @Nullable String netns,
        List<String> offloads,
        TrafficView traffic) {

    public PortView {
        ips = List.copyOf(ips);
        offloads = List.copyOf(offloads);
    }
}
