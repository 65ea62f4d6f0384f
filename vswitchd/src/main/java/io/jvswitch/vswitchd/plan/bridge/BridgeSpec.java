package io.jvswitch.vswitchd.plan.bridge;

import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bridge. One of its ports is the local port, by which the host takes part: an internal interface of the bridge's
 * name.
 *
 * @param name of the bridge and its local port's device
 * @param failMode what it does without a controller
 * @param mac MAC address that the local port's device shall have; null for the lowest of the other ports'
 * @param defaultMac what it has when there is no other to choose
 * @param datapathId what OpenFlow controllers know it by, null for what the MAC address makes
 * @param forwardsReserved whether frames to addresses that bridges keep to themselves are forwarded
 * @param knownTags how many VLAN tags of a frame are looked at, 1 or 2
 * @param floodVlans VLANs in which nothing is learnt and everything is flooded
 * @param macAge a learnt MAC address that is silent for this long is forgotten
 * @param macTableSize learnt MAC addresses at most
 * @param ports in any order, the local port among them
 * @param mirrors in any order
 */
public record BridgeSpec(
        String name,
        FailMode failMode,
        @Nullable MacAddress mac,
        MacAddress defaultMac,
        @Nullable Long datapathId,
        boolean forwardsReserved,
        int knownTags,
        BitSet floodVlans,
        Duration macAge,
        int macTableSize,
        List<BridgePortSpec> ports,
        List<MirrorSpec> mirrors) {

    /** How long learnt addresses are kept where nothing is said (other_config:mac-aging-time). */
    public static final Duration DEFAULT_MAC_AGE = Duration.ofMinutes(5);

    /** How many addresses are learnt where nothing is said (other_config:mac-table-size). */
    public static final int DEFAULT_MAC_TABLE_SIZE = 8_192;

    public BridgeSpec {
        floodVlans = (BitSet) floodVlans.clone();
        ports = List.copyOf(ports);
        mirrors = List.copyOf(mirrors);
    }

    /** A bridge that forwards by itself, of which nothing is said but its ports. */
    public static BridgeSpec of(String name, MacAddress defaultMac, List<BridgePortSpec> ports) {
        return new BridgeSpec(
                name,
                FailMode.STANDALONE,
                null,
                defaultMac,
                null,
                false,
                1,
                new BitSet(),
                DEFAULT_MAC_AGE,
                DEFAULT_MAC_TABLE_SIZE,
                ports,
                List.of());
    }
}
