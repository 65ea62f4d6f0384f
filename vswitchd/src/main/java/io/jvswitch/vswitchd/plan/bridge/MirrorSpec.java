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
 * @param snaplen how many bytes of a frame are copied at most, 14 to 65,535, 0 for all
 */
public record MirrorSpec(
        String id,
        String name,
        boolean all,
        Set<String> sources,
        Set<String> destinations,
        @Nullable BitSet vlans,
        @Nullable String outputPort,
        int outputVlan,
        int snaplen) {

    /** A mirror that copies whole frames. */
    public MirrorSpec(
            String id,
            String name,
            boolean all,
            Set<String> sources,
            Set<String> destinations,
            @Nullable BitSet vlans,
            @Nullable String outputPort,
            int outputVlan) {
        this(id, name, all, sources, destinations, vlans, outputPort, outputVlan, 0);
    }

    public MirrorSpec {
        sources = Set.copyOf(sources);
        destinations = Set.copyOf(destinations);
        vlans = vlans == null ? null : (BitSet) vlans.clone();
    }
}
