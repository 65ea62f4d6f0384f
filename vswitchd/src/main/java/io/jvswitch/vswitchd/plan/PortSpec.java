package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A port: one guest's or the host's attachment to a network.
 *
 * @param name its key in the configuration and, unless {@code device} says another, the device's name, at most 15 bytes
 * @param kind what it is made of
 * @param network name of the network, empty for a port that has tagged ones only
 * @param mac the guest's MAC address, or null; with it the port is bound: DHCP reservation, ARP answer, anti-spoofing
 * @param ips the guest's addresses; each with a {@code mac}. Empty: any (DHCP leases from the pool)
 * @param queues queues of the device
 * @param netns network namespace that the device is in (a system port's) or made in: a name as of {@code ip netns}, or
 *     an absolute path like {@code /proc/1234/ns/net}; null for the daemon's
 * @param mtuBytes MTU of the device, or 0 for the network's; a system port's device then keeps its own
 * @param hostname host name told by DHCP (option 12), or null
 * @param dhcpRelay whether its guest may pass on DHCP messages of other machines
 * @param vlans what VLAN tags mean on it
 * @param device name of a system port's device where it is not the port's, or null
 * @param guard what it may send besides, as a bound port
 * @param offloads whether superframes and partial checksums cross between it and its guest; a system port's device
 *     decides
 * @param stormControl how many broadcasts, multicasts and frames for unknown addresses it may send a second, 0 for any
 *     number
 * @param persistent whether a device that the switch makes outlives the daemon: it is left down when it is made, and
 *     goes with the port only
 */
public record PortSpec(
        String name,
        PortKind kind,
        String network,
        @Nullable MacAddress mac,
        List<IpAddress> ips,
        int queues,
        @Nullable String netns,
        int mtuBytes,
        @Nullable String hostname,
        boolean dhcpRelay,
        PortVlanSpec vlans,
        @Nullable String device,
        PortGuardSpec guard,
        boolean offloads,
        int stormControl,
        boolean persistent) {

    public PortSpec {
        ips = List.copyOf(ips);
    }

    /** A port whose device, if the switch makes it, goes with the daemon. */
    public PortSpec(
            String name,
            PortKind kind,
            String network,
            @Nullable MacAddress mac,
            List<IpAddress> ips,
            int queues,
            @Nullable String netns,
            int mtuBytes,
            @Nullable String hostname,
            boolean dhcpRelay,
            PortVlanSpec vlans,
            @Nullable String device,
            PortGuardSpec guard,
            boolean offloads,
            int stormControl) {
        this(
                name,
                kind,
                network,
                mac,
                ips,
                queues,
                netns,
                mtuBytes,
                hostname,
                dhcpRelay,
                vlans,
                device,
                guard,
                offloads,
                stormControl,
                false);
    }

    /**
     * A device of the daemon's own namespace that is of no network, but of a bridge.
     *
     * @param mtuBytes MTU that it shall have, 0 for its own
     */
    public static PortSpec ofBridge(String device, PortKind kind, int mtuBytes) {
        return new PortSpec(
                device,
                kind,
                "",
                null,
                List.of(),
                1,
                null,
                mtuBytes,
                null,
                false,
                PortVlanSpec.NONE,
                null,
                PortGuardSpec.NONE,
                true,
                0,
                kind == PortKind.INTERNAL);
    }

    /** Names of all its networks. */
    public Set<String> networks() {
        Set<String> names = new LinkedHashSet<>();
        if (!network.isEmpty()) {
            names.add(network);
        }
        names.addAll(vlans.vlans().values());
        return names;
    }

    /** The tag that frames of a network have on it, 0 for none. */
    public int vlanOf(String name) {
        for (Map.Entry<Integer, String> tagged : vlans.vlans().entrySet()) {
            if (tagged.getValue().equals(name)) {
                return tagged.getKey();
            }
        }
        return vlans.vlan();
    }

    /** Every network that has a tag on it, by tag. */
    public Map<Integer, String> taggedNetworks() {
        Map<Integer, String> tagged = new TreeMap<>(vlans.vlans());
        if (vlans.vlan() > 0) {
            tagged.put(vlans.vlan(), network);
        }
        return tagged;
    }

    /** Name of its device. */
    public String deviceName() {
        return device == null ? name : device;
    }
}
