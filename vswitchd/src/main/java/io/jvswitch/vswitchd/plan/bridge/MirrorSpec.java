package io.jvswitch.vswitchd.plan.bridge;

import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mirror of a bridge.
 *
 * @param id tells it from all others, also those of its name
 * @param name for people
 * @param all whether frames are copied whatever port they come in or leave by
 * @param sources names of ports whose frames are copied that come in
 * @param destinations names of ports whose frames are copied that leave
 * @param vlans VLANs whose frames alone are copied, null for all
 * @param outputPort name of the port that copies leave by, null where they go into a VLAN
 * @param outputVlan VLAN that copies go into where there is no such port
 */
public record MirrorSpec(
        String id,
        String name,
        boolean all,
        Set<String> sources,
        Set<String> destinations,
        @Nullable BitSet vlans,
        @Nullable String outputPort,
        int outputVlan) {

    public MirrorSpec {
        sources = Set.copyOf(sources);
        destinations = Set.copyOf(destinations);
        vlans = vlans == null ? null : (BitSet) vlans.clone();
    }
}
