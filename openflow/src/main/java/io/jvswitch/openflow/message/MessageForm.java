package io.jvswitch.openflow.message;

import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.VersionRange;

/**
 * One of the ways in which a message is written: what its header says, in which versions, and what follows.
 *
 * @param family which header
 * @param versions where this form exists
 * @param number the type in the header: of OpenFlow's own messages, of statistics, or of an experimenter's
 * @param reply of statistics: whether it is the answer, which has the request's number
 * @param name as Open vSwitch's tools print it behind the family: {@code FLOW_MOD}
 * @param layout what follows the header
 */
public record MessageForm<M extends Message>(
        Family family, VersionRange versions, int number, boolean reply, String name, Layout<M> layout) {

    /** Whether the form exists in a version. */
    public boolean isIn(OpenFlowVersion version) {
        return versions.contains(version);
    }

    /** As Open vSwitch's tools print it: {@code OFPT_FLOW_MOD}, {@code NXST_FLOW reply}. */
    public String label() {
        return family + "_" + name + (family.isMultipart() ? reply ? " reply" : " request" : "");
    }

    @Override
    public String toString() {
        return label();
    }
}
