package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A port.
 *
 * @param name device name
 * @param number the switch-wide port number that flows show
 * @param kind {@code tap}, {@code system} or {@code internal}
 * @param network name of its network, or null when all of them are tagged ones of a trunk
 * @param vlans networks that have a VLAN tag on it, by tag
 * @param trunks VLANs that its guest may tag, as configured; empty for all
 * @param device name of the device, where it is not the port's; otherwise null
 * @param state whether it carries frames
 * @param waitsFor what it waits for or why it failed, with the remedy, one sentence; null when up
 * @param mac the MAC address it is bound to, or null
 * @param ips the addresses it is bound to
 * @param maySend what it may send, null when it is not bound
 * @param stormControlPerSecond how many broadcasts, multicasts and frames for unknown addresses it may send a second,
 *     null for any number
 * @param queues queues of the device
 * @param mtuBytes MTU of the device; 0 when not known yet
 * @param netns namespace that the device was moved to, or null
 * @param offloads names of offloads in use ({@code csum}, {@code tso4}, {@code tso6}, {@code uso}), as probed
 * @param warning what will lose frames though the port is up, with the remedy, one sentence; null for nothing
 * @param traffic what crossed it
 */
public record PortView(
        String name,
        int number,
        String kind,
        @Nullable String network,
        Map<Integer, String> vlans,
        List<String> trunks,
        @Nullable String device,
        PortState state,
        @Nullable String waitsFor,
        @Nullable MacAddress mac,
        List<IpAddress> ips,
        @Nullable MaySendView maySend,
        @Nullable Integer stormControlPerSecond,
        int queues,
        int mtuBytes,
        @Nullable String netns,
        List<String> offloads,
        @Nullable String warning,
        TrafficView traffic) {

    public PortView {
        vlans = Collections.unmodifiableMap(new TreeMap<>(vlans));
        trunks = List.copyOf(trunks);
        ips = List.copyOf(ips);
        offloads = List.copyOf(offloads);
    }

    /** Whether frames of a network cross it. */
    public boolean isOf(String name) {
        return name.equals(network) || vlans.containsValue(name);
    }

    /** The tag that a network's frames have on it, 0 for none. */
    public int vlanOf(String name) {
        return vlans.entrySet().stream()
                .filter(tagged -> tagged.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }
}
