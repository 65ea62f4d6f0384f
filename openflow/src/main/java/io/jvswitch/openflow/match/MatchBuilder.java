package io.jvswitch.openflow.match;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.MaskedValue;
import io.jvswitch.flowtable.key.MatchField;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;

/** A match while it is read. Ports have 16 bits ({@link ReservedPorts}). */
final class MatchBuilder {

    /** VLAN_TCI's bits. */
    static final int VID_BITS = 0xfff;

    static final int PCP_SHIFT = 13;
    static final int PCP_BITS = 7 << PCP_SHIFT;

    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();

    FlowKey key() {
        return key;
    }

    FlowMask mask() {
        return mask;
    }

    /** Whether no bit of a field counts. */
    boolean isWild(OxmField field, TunnelOptions options) {
        if (field.match() == null) {
            TunnelOptions.Option option = options.of(field.option());
            return option == null || Octets.of(option.get(mask)).isZero();
        }
        if (field.label().equals("nw_tos")) {
            return (mask.get(FlowField.IP_TOS) & 0xfc) == 0;
        }
        return field.match().matched(key, mask).isWild();
    }

    /** Makes a field count, with a value and mask as they are on the wire. */
    void set(OxmField field, Octets value, Octets valueMask, TunnelOptions options) {
        MatchField match = field.match();
        if (match == null) {
            TunnelOptions.Option option = options.of(field.option());
            if (option != null) {
                option.match(key, mask, value.toByteArray(), valueMask.toByteArray());
            }
            return;
        }
        switch (field.label()) {
            case "vlan_pcp" ->
                vlan((int) value.lo() << PCP_SHIFT | FlowField.VLAN_PRESENT, PCP_BITS | FlowField.VLAN_PRESENT);
            case OxmField.IN_PORT_OXM, "actset_output" ->
                set(match, 0, ReservedPorts.from32((int) value.lo()), 0, 0xffff_ffffL);
            case OxmField.IN_PORT -> set(match, 0, value.lo(), 0, 0xffff_ffffL);
            case "nw_tos" -> set(match, 0, value.lo() & 0xfc, 0, 0xfc);
            default -> set(match, value.hi(), value.lo(), valueMask.hi(), valueMask.lo());
        }
    }

    private void set(MatchField match, long hi, long lo, long maskHi, long maskLo) {
        long ones = match.ones();
        boolean wide = match.isWide();
        if (match.label().equals("nw_tos")) {
            key.set(FlowField.IP_TOS, key.get(FlowField.IP_TOS) & ~maskLo | lo);
            mask.bits(FlowField.IP_TOS, maskLo);
            return;
        }
        match.match(
                key,
                mask,
                new MaskedValue(wide ? hi & maskHi : 0, lo & maskLo & ones, wide ? maskHi : 0, maskLo & ones));
    }

    /** Makes bits of the tag count. */
    void vlan(int tci, int bits) {
        key.set(FlowField.VLAN_TCI, key.get(FlowField.VLAN_TCI) & ~bits | tci & bits);
        mask.bits(FlowField.VLAN_TCI, bits);
    }

    /** Makes a whole field count. */
    void exact(FlowField field, long value) {
        key.set(field, value);
        mask.exact(field);
    }

    FlowMatch toMatch() {
        return new FlowMatch(key, mask);
    }
}
