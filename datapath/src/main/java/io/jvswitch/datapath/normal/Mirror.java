package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import java.util.BitSet;
import java.util.Collection;
import java.util.Set;
import org.agrona.collections.IntHashSet;
import org.jspecify.annotations.Nullable;

/**
 * A mirror of a bridge, as the Mirror table of Open vSwitch's database has them (ovs-vswitchd.conf.db(5)): which frames
 * it copies, and where to.
 *
 * <p>Immutable.
 *
 * @param name of the mirror
 * @param all whether frames are copied whatever port they come in or leave by
 * @param sources numbers of ports (of a bond its own) whose frames are copied that come in
 * @param destinations numbers of ports whose frames are copied that leave
 * @param vlans VLANs whose frames alone are copied, null for all
 * @param outputPort number of the port that copies leave by, and nothing else; {@link Locations#NONE} for none
 * @param outputVlan VLAN that copies are sent into when there is no such port
 * @param snaplen how many bytes of a frame are copied at most, 14 to 65,535 (which Open vSwitch takes for "all"), or
 *     {@link #WHOLE}
 * @param credit who counts the copies
 */
public record Mirror(
        String name,
        boolean all,
        Set<Integer> sources,
        Set<Integer> destinations,
        @Nullable BitSet vlans,
        int outputPort,
        int outputVlan,
        int snaplen,
        Credit credit) {

    /** {@link #snaplen} of whole frames. */
    public static final int WHOLE = 0;

    private static final int MIN_SNAPLEN = 14;
    private static final int MAX_SNAPLEN = 65_535;

    public Mirror {
        if (snaplen != WHOLE && (snaplen < MIN_SNAPLEN || snaplen > MAX_SNAPLEN)) {
            throw new IllegalArgumentException("mirror " + name + ": snaplen is " + snaplen + ", must be " + MIN_SNAPLEN
                    + " to " + MAX_SNAPLEN + ", or " + WHOLE + " for whole frames");
        }
        sources = numbers(sources);
        destinations = numbers(destinations);
        vlans = vlans == null ? null : (BitSet) vlans.clone();
    }

    /** Asked for each frame that is new: a set of objects would box each question. */
    private static IntHashSet numbers(Collection<Integer> ports) {
        IntHashSet numbers = new IntHashSet(2 * ports.size() + 8);
        numbers.addAll(ports);
        return numbers;
    }

    /** How much of a frame outputs give. */
    int outputBytes() {
        return snaplen == MAX_SNAPLEN ? WHOLE : snaplen;
    }

    boolean copiesFrom(int port) {
        return all || ((IntHashSet) sources).contains(port);
    }

    boolean copiesTo(int port) {
        return all || ((IntHashSet) destinations).contains(port);
    }

    boolean copiesVlan(int vlan) {
        return vlans == null || vlans.get(vlan);
    }

    /** Whether another mirror's copies are the same frames at the same place. */
    boolean hasOutputOf(Mirror other) {
        return outputPort == other.outputPort && (outputPort != Locations.NONE || outputVlan == other.outputVlan);
    }
}
