package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What queues have counted (OpenFlow 1.5.1, section 7.3.5.8). */
public final class QueueStats {

    /** All queues. */
    public static final long ALL = 0xffff_ffffL;

    private QueueStats() {}

    /** Asks for a queue of a port, {@link #ALL} of a port, or those of {@link PortDescription#ANY}. */
    public record Request(int port, long queue) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(
                Request.class, f -> f.port("port").in("1.0", g -> g.pad(2)).u32("queue"));

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("QUEUE").request(Family.OFPST, "1.0+", 5, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.QUEUE_STATS_REQUEST;
        }
    }

    /**
     * One queue.
     *
     * @param durationS for how long the queue has been there; from OpenFlow 1.3 on
     * @param durationNs beyond the seconds
     */
    public record Entry(
            int port, long queue, long txBytes, long txPackets, long txErrors, long durationS, long durationNs) {

        static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.in("1.4+", g -> g.length().pad(6))
                        .port("port")
                        .in("1.0", g -> g.pad(2))
                        .u32("queue")
                        .u64("txBytes")
                        .u64("txPackets")
                        .u64("txErrors")
                        .in("1.3+", g -> g.u32("durationS").u32("durationNs"))
                        .in("1.4+", g -> g.looseProperties(p -> {})));
    }

    /** Tells. */
    public record Reply(List<Entry> queues) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("queues", Entry.LAYOUT));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("QUEUE").reply(Family.OFPST, "1.0+", 5, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.QUEUE_STATS_REPLY;
        }
    }
}
