package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** What flows have counted together (OpenFlow 1.5.1, section 7.3.5.4). */
public final class AggregateStats {

    private AggregateStats() {}

    /** Asks. */
    public record Request(FlowFilter filter) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("AGGREGATE")
                .request(Family.OFPST, "1.0", 2, Layout.of(Request.class, f -> f.field("filter", FlowFilter.FIXED)))
                .request(Family.OFPST, "1.1+", 2, Layout.of(Request.class, f -> f.field("filter", FlowFilter.STANDARD)))
                .request(Family.NXST, "1.0", 1, Layout.of(Request.class, f -> f.field("filter", FlowFilter.NICIRA)));

        @Override
        public MessageType type() {
            return MessageType.AGGREGATE_STATS_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param packets -1 where they are not counted
     * @param bytes -1 where they are not counted
     */
    public record Reply(long packets, long bytes, long flows) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(
                Reply.class,
                f -> f.in(
                                "1.0-1.4",
                                g -> g.u64("packets").u64("bytes").u32("flows").pad(4))
                        .in(
                                "1.5",
                                g -> g.absent("packets", -1L)
                                        .absent("bytes", -1L)
                                        .statistics(s -> s.u32(3, "flows")
                                                .u64(4, "packets")
                                                .u64(5, "bytes"))));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("AGGREGATE")
                .reply(Family.OFPST, "1.0+", 2, LAYOUT)
                .reply(Family.NXST, "1.0", 1, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.AGGREGATE_STATS_REPLY;
        }
    }
}
