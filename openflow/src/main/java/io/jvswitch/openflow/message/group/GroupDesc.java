package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What groups there are (OpenFlow 1.5.1, section 7.3.5.11); in OpenFlow 1.0 by Nicira's extension. */
public final class GroupDesc {

    private GroupDesc() {}

    /**
     * Asks.
     *
     * @param group which one; from OpenFlow 1.1 to 1.4 always {@link GroupNumbers#ALL}
     */
    public record Request(long group) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(
                Request.class,
                f -> f.absent("group", GroupNumbers.ALL)
                        .in("1.0", g -> g.u32("group").pad(4))
                        .in("1.5", g -> g.u32("group").pad(4)));

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("GROUP_DESC")
                .request(Family.OFPST, "1.1+", 7, LAYOUT)
                .request(Family.NXST, "1.0", 8, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.GROUP_DESC_STATS_REQUEST;
        }
    }

    /**
     * One group.
     *
     * @param kind 0 all, 1 select, 2 indirect, 3 fast failover
     * @param selection how a bucket is chosen, or null; in OpenFlow 1.5 and 1.0
     */
    public record Entry(
            int kind,
            long group,
            List<Bucket> buckets,
            @Nullable SelectionMethod selection) {

        private static final WireType<List<Bucket>> BUCKETS = WireTypes.list(Bucket.LAYOUT);

        private static void withProperties(LayoutBuilder f) {
            f.lengthOf("buckets").pad(6).bounded("buckets", BUCKETS);
            f.looseProperties(p -> p.experimenter(
                    SelectionMethod.EXPERIMENTER, SelectionMethod.TYPE, "selection", SelectionMethod.LAYOUT));
        }

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.length()
                        .u8("kind")
                        .pad(1)
                        .u32("group")
                        .in("1.1-1.4", g -> g.field("buckets", BUCKETS))
                        .in("1.0", Entry::withProperties)
                        .in("1.5", Entry::withProperties));
    }

    /** Tells. */
    public record Reply(List<Entry> groups) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("groups", Entry.LAYOUT));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("GROUP_DESC")
                .reply(Family.OFPST, "1.1+", 7, LAYOUT)
                .reply(Family.NXST, "1.0", 8, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.GROUP_DESC_STATS_REPLY;
        }
    }
}
