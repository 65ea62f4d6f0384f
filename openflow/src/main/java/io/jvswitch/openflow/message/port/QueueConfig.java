package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/**
 * How queues are configured: messages of their own up to OpenFlow 1.3, statistics from 1.4 on (OpenFlow 1.5.1, section
 * 7.3.5.9).
 */
public final class QueueConfig {

    /** A rate that the queue does not have. */
    public static final int NO_RATE = 0xffff;

    private QueueConfig() {}

    /**
     * Asks for a port's queues.
     *
     * @param queue which one; up to OpenFlow 1.3 always {@link QueueStats#ALL}
     */
    public record Request(int port, long queue) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(
                Request.class,
                f -> f.absent("queue", QueueStats.ALL)
                        .port("port")
                        .in("1.0", g -> g.pad(2))
                        .in("1.1-1.3", g -> g.pad(4))
                        .in("1.4+", g -> g.u32("queue")));

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("QUEUE_GET_CONFIG_REQUEST")
                .form(Family.OFPT, "1.0", 20, LAYOUT)
                .form(Family.OFPT, "1.1-1.3", 22, LAYOUT)
                .request(Family.OFPST, "1.4+", 15, "QUEUE_DESC", LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.QUEUE_GET_CONFIG_REQUEST;
        }
    }

    /**
     * One queue.
     *
     * @param port from OpenFlow 1.2 on; 0 before, where the reply says it
     * @param minRate in tenths of a percent, or {@link #NO_RATE}
     * @param maxRate in tenths of a percent, or {@link #NO_RATE}
     */
    public record Queue(int port, long id, int minRate, int maxRate) {

        private static final int MIN_RATE = 1;
        private static final int MAX_RATE = 2;
        private static final WireType<Integer> RATE_OLD = WireTypes.padded(4, WireTypes.followedBy(6, WireTypes.U16));
        private static final WireType<Integer> RATE = WireTypes.followedBy(2, WireTypes.U16);

        static final Layout<Queue> LAYOUT = Layout.of(
                Queue.class,
                f -> f.absent("minRate", NO_RATE)
                        .absent("maxRate", NO_RATE)
                        .in("1.4+", g -> g.port("port"))
                        .u32("id")
                        .in("1.2-1.3", g -> g.port("port"))
                        .length()
                        .in("1.0-1.1", g -> g.pad(2))
                        .in("1.2+", g -> g.pad(6))
                        .in(
                                "1.0-1.3",
                                g -> g.looseProperties(p ->
                                        p.value(MIN_RATE, "minRate", RATE_OLD).value(MAX_RATE, "maxRate", RATE_OLD)))
                        .in(
                                "1.4+",
                                g -> g.looseProperties(
                                        p -> p.value(MIN_RATE, "minRate", RATE).value(MAX_RATE, "maxRate", RATE))));
    }

    /**
     * Tells.
     *
     * @param port whose queues they are; up to OpenFlow 1.3, {@link PortDescription#ANY} later
     */
    public record Reply(int port, List<Queue> queues) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(
                Reply.class,
                f -> f.absent("port", PortDescription.ANY)
                        .in("1.0-1.3", g -> g.port("port"))
                        .in("1.0", g -> g.pad(6))
                        .in("1.1-1.3", g -> g.pad(4))
                        .list("queues", Queue.LAYOUT));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("QUEUE_GET_CONFIG_REPLY")
                .form(Family.OFPT, "1.0", 21, LAYOUT)
                .form(Family.OFPT, "1.1-1.3", 23, LAYOUT)
                .reply(Family.OFPST, "1.4+", 15, "QUEUE_DESC", LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.QUEUE_GET_CONFIG_REPLY;
        }
    }
}
