package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * What another controller has asked of the switch (OpenFlow 1.5.1, section 7.4.6).
 *
 * @param request a whole message with its header: a group or meter mod
 */
public record RequestForward(Bytes request) implements Message {

    private static final Layout<RequestForward> LAYOUT = Layout.of(RequestForward.class, f -> f.rest("request"));

    public static final MessageForms<RequestForward> FORMS = MessageForms.<RequestForward>named("REQUESTFORWARD")
            .form(Family.OFPT, "1.4+", 32, LAYOUT)
            .form(Family.ONFT, "1.3", 2350, LAYOUT)
            .form(Family.NXT, "1.0-1.2", 132, LAYOUT);

    @Override
    public MessageType type() {
        return MessageType.REQUESTFORWARD;
    }
}
