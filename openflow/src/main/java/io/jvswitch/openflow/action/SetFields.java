package io.jvswitch.openflow.action;

import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;
import java.util.ArrayList;
import java.util.List;

/** A masked set as loads of numbers into bits that lie together, and the other way. */
public final class SetFields {

    private static final int VLAN_PCP_BITS = 0xe000;

    private SetFields() {}

    /** Whether a value has no bits beyond its field, and none that no packet has. */
    public static boolean isValid(OxmField field, Octets value) {
        if (field.isVariable() || field.bits() >= Long.SIZE) {
            return true;
        }
        return switch (field.label()) {
            case "vlan_vid" -> (value.lo() & VLAN_PCP_BITS) == 0;
            case OxmField.IN_PORT_OXM, "actset_output" -> ReservedPorts.from32((int) value.lo()) >= 0;
            case "nw_tos" -> (value.lo() & 3) == 0;
            case "arp_op" -> value.lo() <= 0xff;
            default -> value.lo() >>> field.bits() == 0;
        };
    }

    /** The bits, at most 64 together, that a masked set changes, from the last on. */
    public static List<Subfield> parts(OpenFlowAction.SetField set) {
        List<Subfield> parts = new ArrayList<>();
        int end = Math.min(set.field().bits(), set.mask().length() * Byte.SIZE);
        int bit = 0;
        while (bit < end) {
            if (!set.mask().bit(bit)) {
                bit++;
                continue;
            }
            int first = bit;
            while (bit < Math.min(end, first + Long.SIZE) && set.mask().bit(bit)) {
                bit++;
            }
            parts.add(new Subfield(set.field(), first, bit - first));
        }
        return parts;
    }

    /** A load of a number, whose upper half is {@code hi}, into some bits. */
    public static OpenFlowAction load(Subfield destination, long hi, long lo) {
        Octets none = Octets.of(0, 0, destination.field().bytes());
        return new OpenFlowAction.SetField(
                destination.field(),
                none.with(destination.offset(), destination.bits(), hi, lo),
                none.withOnes(destination.offset(), destination.bits()),
                OpenFlowAction.SetFieldForm.LOAD);
    }
}
