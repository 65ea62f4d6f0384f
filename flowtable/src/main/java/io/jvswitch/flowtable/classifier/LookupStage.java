package io.jvswitch.flowtable.classifier;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;

/**
 * The order in which a rule look-up goes through a frame's fields, cheapest to know first. A subtable that a frame
 * misses at one stage is not searched at the next, and the later stages' fields stay wild in the megaflow.
 */
@SuppressWarnings("ImmutableEnumChecker") // the mask is written in the constructor only
enum LookupStage {
    METADATA(
            FlowField.IN_PORT,
            FlowField.RECIRC_ID,
            FlowField.TUNNEL_ID,
            FlowField.TUNNEL_SRC,
            FlowField.TUNNEL_DST,
            FlowField.TUNNEL_FLAGS,
            FlowField.CT_STATE,
            FlowField.CT_ZONE,
            FlowField.CT_MARK,
            FlowField.CT_LABEL),
    L2(
            FlowField.ETH_DST,
            FlowField.ETH_SRC,
            FlowField.ETH_TYPE,
            FlowField.VLAN_TCI,
            FlowField.VLAN_TPID,
            FlowField.VLAN_TCI_INNER,
            FlowField.VLAN_TPID_INNER),
    L3(
            FlowField.IP_SRC,
            FlowField.IP_DST,
            FlowField.IP_PROTO,
            FlowField.IP_TOS,
            FlowField.IP_TTL,
            FlowField.IP_FRAG,
            FlowField.IPV6_LABEL,
            FlowField.ARP_SHA,
            FlowField.ARP_THA,
            FlowField.ND_TARGET,
            FlowField.ND_FLAGS),
    L4(FlowField.L4_SRC, FlowField.L4_DST, FlowField.TCP_FLAGS);

    private final FlowMask fields = new FlowMask();

    LookupStage(FlowField... fields) {
        for (FlowField field : fields) {
            this.fields.exact(field);
        }
    }

    /** The part of a mask that is of this stage. */
    PackedMask of(FlowMask mask) {
        FlowMask part = new FlowMask();
        for (int map = mask.present & fields.present; map != 0; map &= map - 1) {
            int word = Integer.numberOfTrailingZeros(map);
            part.add(word, mask.words[word] & fields.words[word]);
        }
        return PackedMask.of(part);
    }
}
