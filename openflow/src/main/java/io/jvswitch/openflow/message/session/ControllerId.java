package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's: the number that a controller's connection has in {@code controller} actions.
 *
 * @param id 16 bits
 */
public record ControllerId(int id) implements Message {

    public static final MessageForms<ControllerId> FORMS = MessageForms.<ControllerId>named("SET_CONTROLLER_ID")
            .form(
                    Family.NXT,
                    "1.0+",
                    20,
                    Layout.of(ControllerId.class, f -> f.zeros(6).u16("id")));

    @Override
    public MessageType type() {
        return MessageType.SET_CONTROLLER_ID;
    }
}
