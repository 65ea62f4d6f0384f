package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** All messages before it are done before any behind it (OpenFlow 1.5.1, section 7.3.7). */
public final class Barrier {

    private Barrier() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("BARRIER_REQUEST")
                .form(Family.OFPT, "1.0", 18, NOTHING)
                .form(Family.OFPT, "1.1+", 20, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.BARRIER_REQUEST;
        }
    }

    /** Says that all before the request is done. */
    public record Reply() implements Message {
        private static final Layout<Reply> NOTHING = Layout.of(Reply.class, f -> {});

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("BARRIER_REPLY")
                .form(Family.OFPT, "1.0", 19, NOTHING)
                .form(Family.OFPT, "1.1+", 21, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.BARRIER_REPLY;
        }
    }
}
