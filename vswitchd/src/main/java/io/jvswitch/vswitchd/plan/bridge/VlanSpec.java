package io.jvswitch.vswitchd.plan.bridge;

import io.jvswitch.datapath.normal.vlan.PriorityTags;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What VLAN tags mean on a port of a bridge.
 *
 * @param mode how the port understands them
 * @param vid the VLAN that is the port's own (access, native, service), 0 for none
 * @param trunks VLANs that a trunk carries, null for all
 * @param customerVlans VLANs of the customer's that a tunnel of 802.1ad carries, null for all
 * @param serviceTag whether the service's tag is 802.1ad's (TPID 0x88a8) instead of 802.1Q's
 * @param priorityTags whether frames without a VLAN leave with a tag for their priority
 */
public record VlanSpec(
        Mode mode,
        int vid,
        @Nullable BitSet trunks,
        @Nullable BitSet customerVlans,
        boolean serviceTag,
        PriorityTags priorityTags) {

    /** A trunk of all VLANs. */
    public static final VlanSpec TRUNK = new VlanSpec(Mode.TRUNK, 0, null, null, true, PriorityTags.NEVER);

    /** The values of {@code vlan_mode}. */
    public enum Mode {
        ACCESS,
        TRUNK,
        NATIVE_TAGGED,
        NATIVE_UNTAGGED,
        DOT1Q_TUNNEL
    }

    public VlanSpec {
        trunks = copy(trunks);
        customerVlans = copy(customerVlans);
    }

    private static @Nullable BitSet copy(@Nullable BitSet vids) {
        return vids == null ? null : (BitSet) vids.clone();
    }

    /** An access port. */
    public static VlanSpec access(int vid) {
        return new VlanSpec(Mode.ACCESS, vid, null, null, true, PriorityTags.NEVER);
    }
}
