package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What groups have counted (OpenFlow 1.5.1, section 7.3.5.10). Open vSwitch has them in OpenFlow 1.0, too. */
public final class GroupStats {

    private GroupStats() {}

    /** Asks for one group, or for {@link GroupNumbers#ALL}. */
    public record Request(long group) implements Message {
        private static final Layout<Request> LAYOUT =
                Layout.of(Request.class, f -> f.u32("group").pad(4));

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("GROUP")
                .request(Family.OFPST, "1.1+", 6, LAYOUT)
                .request(Family.NXST, "1.0", 7, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.GROUP_STATS_REQUEST;
        }
    }

    /** What a bucket has seen. */
    public record BucketCounter(long packets, long bytes) {
        private static final Layout<BucketCounter> LAYOUT =
                Layout.of(BucketCounter.class, f -> f.u64("packets").u64("bytes"));
    }

    /**
     * One group.
     *
     * @param references how many flows and groups lead to it
     * @param durationS for how long the group has been there; not in OpenFlow 1.1 and 1.2
     * @param durationNs beyond the seconds
     */
    public record Entry(
            long group,
            long references,
            long packets,
            long bytes,
            long durationS,
            long durationNs,
            List<BucketCounter> buckets) {

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.length()
                        .pad(2)
                        .u32("group")
                        .u32("references")
                        .pad(4)
                        .u64("packets")
                        .u64("bytes")
                        // Nicira's of 1.0 is as that of 1.3.
                        .in("1.0", g -> g.u32("durationS").u32("durationNs"))
                        .in("1.3+", g -> g.u32("durationS").u32("durationNs"))
                        .list("buckets", BucketCounter.LAYOUT));
    }

    /** Tells. */
    public record Reply(List<Entry> groups) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("groups", Entry.LAYOUT));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("GROUP")
                .reply(Family.OFPST, "1.1+", 6, LAYOUT)
                .reply(Family.NXST, "1.0", 7, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.GROUP_STATS_REPLY;
        }
    }
}
