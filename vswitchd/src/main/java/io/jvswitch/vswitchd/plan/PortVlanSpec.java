package io.jvswitch.vswitchd.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What VLAN tags mean on a port.
 *
 * @param vlan the tag that frames of the port's network have there, or 0 for none
 * @param vlans further networks by their tags there, in order
 * @param trunks VLANs that the guest may tag inside its network; empty for all
 * @param serviceTag whether tags are 802.1ad's (TPID 0x88a8) instead of 802.1Q's (0x8100)
 */
public record PortVlanSpec(int vlan, Map<Integer, String> vlans, List<VlanRange> trunks, boolean serviceTag) {

    /** Every tag is the guest's own. */
    public static final PortVlanSpec NONE = new PortVlanSpec(0, Map.of(), List.of(), false);

    public PortVlanSpec {
        vlans = Collections.unmodifiableMap(new TreeMap<>(vlans));
        trunks = List.copyOf(trunks);
    }

    /** Whether tags say which network a frame is of. */
    public boolean tagged() {
        return vlan > 0 || !vlans.isEmpty();
    }
}
