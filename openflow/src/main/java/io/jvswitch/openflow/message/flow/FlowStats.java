package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What flows there are, and what they have counted (OpenFlow 1.5.1, section 7.3.5.2). */
public final class FlowStats {

    /** An age that is not told, or is longer than can be told. */
    public static final int NO_AGE = 0;

    private FlowStats() {}

    /** Asks. */
    public record Request(FlowFilter filter) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("FLOW")
                .request(Family.OFPST, "1.0", 1, Layout.of(Request.class, f -> f.field("filter", FlowFilter.FIXED)))
                .request(Family.OFPST, "1.1+", 1, Layout.of(Request.class, f -> f.field("filter", FlowFilter.STANDARD)))
                .request(Family.NXST, "1.0", 0, Layout.of(Request.class, f -> f.field("filter", FlowFilter.NICIRA)));

        @Override
        public MessageType type() {
            return MessageType.FLOW_STATS_REQUEST;
        }
    }

    /**
     * One flow.
     *
     * @param durationS for how long it has been there
     * @param durationNs beyond the seconds
     * @param idleAgeS one more than how long it has seen no packet, or {@link #NO_AGE}; of Nicira's form
     * @param hardAgeS one more than how long ago it was changed, or {@link #NO_AGE}; of Nicira's form
     * @param flags those of {@link FlowMod}, from OpenFlow 1.3 on
     * @param importance from OpenFlow 1.4 on
     * @param packets -1 where they are not counted
     * @param bytes -1 where they are not counted
     * @param match its bytes, see {@link MatchBytes}: of Nicira's forms a list of fields
     * @param actions the bytes of actions in OpenFlow 1.0, and of instructions later
     */
    public record Entry(
            int table,
            long durationS,
            long durationNs,
            int priority,
            int idleTimeoutS,
            int hardTimeoutS,
            int idleAgeS,
            int hardAgeS,
            int flags,
            int importance,
            long cookie,
            long packets,
            long bytes,
            Bytes match,
            Bytes actions) {

        private static void counters(LayoutBuilder f) {
            f.u64("cookie").u64("packets").u64("bytes");
        }

        private static final Layout<Entry> FIXED = Layout.of(Entry.class, f -> {
            f.without("idleAgeS", "hardAgeS", "flags", "importance");
            f.length()
                    .u8("table")
                    .pad(1)
                    .field("match", MatchBytes.V1_0)
                    .u32("durationS")
                    .u32("durationNs");
            f.u16("priority").u16("idleTimeoutS").u16("hardTimeoutS").pad(6);
            counters(f);
            f.rest("actions");
        });

        private static final Layout<Entry> NICIRA = Layout.of(Entry.class, f -> {
            f.without("flags", "importance");
            f.length().u8("table").pad(1).u32("durationS").u32("durationNs");
            f.u16("priority").u16("idleTimeoutS").u16("hardTimeoutS").lengthOf("match");
            f.u16("idleAgeS").u16("hardAgeS");
            counters(f);
            f.boundedAligned("match", MatchBytes.FIELDS).rest("actions");
        });

        private static final Layout<Entry> STANDARD = Layout.of(Entry.class, f -> {
            f.without("idleAgeS", "hardAgeS");
            f.length().u8("table").pad(1).u32("durationS").u32("durationNs");
            f.u16("priority").u16("idleTimeoutS").u16("hardTimeoutS");
            f.in("1.1-1.2", g -> g.pad(2)).in("1.3+", g -> g.u16("flags"));
            f.in("1.1-1.3", g -> g.pad(2)).in("1.4+", g -> g.u16("importance"));
            f.pad(2);
            counters(f);
            f.field("match", MatchBytes.STANDARD).rest("actions");
        });

        private static final Layout<Entry> TAGGED = Layout.of(
                Entry.class,
                f -> f.absent("packets", -1L)
                        .absent("bytes", -1L)
                        .without("idleAgeS", "hardAgeS")
                        .length()
                        .pad(2)
                        .u8("table")
                        .pad(1)
                        .u16("priority")
                        .u16("idleTimeoutS")
                        .u16("hardTimeoutS")
                        .u16("flags")
                        .u16("importance")
                        .u64("cookie")
                        .field("match", MatchBytes.STANDARD)
                        .statistics(s -> s.duration("durationS", "durationNs")
                                .u64(4, "packets")
                                .u64(5, "bytes"))
                        .rest("actions"));
    }

    /** Tells. */
    public record Reply(List<Entry> flows) implements Message {
        private static Layout<Reply> of(Layout<Entry> entry) {
            return Layout.of(Reply.class, f -> f.list("flows", entry));
        }

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("FLOW")
                .reply(Family.OFPST, "1.0", 1, of(Entry.FIXED))
                .reply(Family.OFPST, "1.1-1.4", 1, of(Entry.STANDARD))
                .reply(Family.OFPST, "1.5", 1, of(Entry.TAGGED))
                .reply(Family.NXST, "1.0", 0, of(Entry.NICIRA));

        @Override
        public MessageType type() {
            return MessageType.FLOW_STATS_REPLY;
        }
    }
}
