package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's, and given up: flow statistics tell ages.
 */
public record FlowAge() implements Message {

    public static final MessageForms<FlowAge> FORMS =
            MessageForms.<FlowAge>named("FLOW_AGE").form(Family.NXT, "1.0+", 18, Layout.of(FlowAge.class, f -> {}));

    @Override
    public MessageType type() {
        return MessageType.FLOW_AGE;
    }
}
