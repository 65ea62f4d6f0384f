package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** All ports (OpenFlow 1.5.1, section 7.3.5.6); Open vSwitch answers in OpenFlow 1.0 to 1.2, too. */
public final class PortDesc {

    private PortDesc() {}

    /**
     * Asks.
     *
     * @param number which port; up to OpenFlow 1.4 always all
     */
    public record Request(int number) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(
                Request.class,
                f -> f.absent("number", PortDescription.ANY)
                        .in("1.5", g -> g.port("number").pad(4)));

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("PORT_DESC").request(Family.OFPST, "1.0+", 13, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.PORT_DESC_STATS_REQUEST;
        }
    }

    /** Tells. */
    public record Reply(List<PortDescription> ports) implements Message {
        private static final Layout<Reply> LAYOUT =
                Layout.of(Reply.class, f -> f.list("ports", PortDescription.LAYOUT));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("PORT_DESC").reply(Family.OFPST, "1.0+", 13, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.PORT_DESC_STATS_REPLY;
        }
    }
}
