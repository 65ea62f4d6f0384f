package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's: how the switch shall write matches in OpenFlow 1.0.
 *
 * @param format 0 as OpenFlow 1.0, 2 extensible
 */
public record SetFlowFormat(long format) implements Message {

    public static final MessageForms<SetFlowFormat> FORMS = MessageForms.<SetFlowFormat>named("SET_FLOW_FORMAT")
            .form(Family.NXT, "1.0", 12, Layout.of(SetFlowFormat.class, f -> f.u32("format")));

    @Override
    public MessageType type() {
        return MessageType.SET_FLOW_FORMAT;
    }
}
