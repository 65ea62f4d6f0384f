package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** Who made the switch (OpenFlow 1.5.1, section 7.3.5.1). */
public final class Description {

    private Description() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("DESC").request(Family.OFPST, "1.0+", 0, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.DESC_STATS_REQUEST;
        }
    }

    /**
     * Tells; each is at most 255 characters, the serial number 31.
     *
     * @param datapath the bridge's, for people
     */
    public record Reply(String manufacturer, String hardware, String software, String serialNumber, String datapath)
            implements Message {

        private static final Layout<Reply> LAYOUT = Layout.of(
                Reply.class,
                f -> f.text("manufacturer", 256)
                        .text("hardware", 256)
                        .text("software", 256)
                        .text("serialNumber", 32)
                        .text("datapath", 256));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("DESC").reply(Family.OFPST, "1.0+", 0, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.DESC_STATS_REPLY;
        }
    }
}
