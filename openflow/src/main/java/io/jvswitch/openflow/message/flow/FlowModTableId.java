package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's: whether flow mods of OpenFlow 1.0 name a table, in the upper 8 bits of their command.
 *
 * @param set 0 or 1
 */
public record FlowModTableId(int set) implements Message {

    public static final MessageForms<FlowModTableId> FORMS = MessageForms.<FlowModTableId>named("FLOW_MOD_TABLE_ID")
            .form(
                    Family.NXT,
                    "1.0+",
                    15,
                    Layout.of(FlowModTableId.class, f -> f.u8("set").pad(7)));

    @Override
    public MessageType type() {
        return MessageType.FLOW_MOD_TABLE_ID;
    }
}
