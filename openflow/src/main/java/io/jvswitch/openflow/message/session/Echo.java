package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** Whether the peer is alive (OpenFlow 1.5.1, section 7.5.2). */
public final class Echo {

    private Echo() {}

    /**
     * Asks.
     *
     * @param payload comes back in the reply
     */
    public record Request(Bytes payload) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("ECHO_REQUEST")
                .form(Family.OFPT, "1.0+", 2, Layout.of(Request.class, f -> f.rest("payload")));

        @Override
        public MessageType type() {
            return MessageType.ECHO_REQUEST;
        }
    }

    /**
     * Answers.
     *
     * @param payload the request's
     */
    public record Reply(Bytes payload) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("ECHO_REPLY")
                .form(Family.OFPT, "1.0+", 3, Layout.of(Reply.class, f -> f.rest("payload")));

        @Override
        public MessageType type() {
            return MessageType.ECHO_REPLY;
        }
    }
}
