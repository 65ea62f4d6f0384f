package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What tables have counted (OpenFlow 1.5.1, section 7.3.5.3). */
public final class TableStats {

    private static final int MAX_NAME_BYTES = 32;

    private TableStats() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("TABLE").request(Family.OFPST, "1.0+", 3, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.TABLE_STATS_REQUEST;
        }
    }

    /**
     * One table. What it can do stands here up to OpenFlow 1.2, and in {@link TableFeatures} later.
     *
     * @param name up to OpenFlow 1.2
     * @param match fields that can be matched, a bit for each; in 1.1 by {@code ofp11_flow_match_fields}
     * @param wildcards fields that need not be matched
     * @param config bits of {@link TableConfig}
     * @param maxEntries how many flows it takes
     * @param active how many flows it has
     */
    public record Entry(
            int table,
            String name,
            long match,
            long wildcards,
            long writeActions,
            long applyActions,
            long writeSetFields,
            long applySetFields,
            long metadataMatch,
            long metadataWrite,
            long instructions,
            long config,
            long maxEntries,
            long active,
            long lookups,
            long matched) {

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.u8("table")
                        .in("1.0", g -> g.pad(3).text("name", MAX_NAME_BYTES).u32("wildcards"))
                        .in("1.1-1.2", g -> g.pad(7).text("name", MAX_NAME_BYTES))
                        .in("1.1", g -> g.u32("wildcards").u32("match").u32("instructions"))
                        .in("1.2", g -> g.u64("match").u64("wildcards"))
                        .in("1.1-1.2", g -> g.u32("writeActions").u32("applyActions"))
                        .in(
                                "1.2",
                                g -> g.u64("writeSetFields")
                                        .u64("applySetFields")
                                        .u64("metadataMatch")
                                        .u64("metadataWrite")
                                        .u32("instructions"))
                        .in("1.1-1.2", g -> g.u32("config"))
                        .in("1.0-1.2", g -> g.u32("maxEntries"))
                        .in("1.3+", g -> g.pad(3))
                        .u32("active")
                        .u64("lookups")
                        .u64("matched"));
    }

    /** Tells. */
    public record Reply(List<Entry> tables) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("tables", Entry.LAYOUT));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("TABLE").reply(Family.OFPST, "1.0+", 3, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.TABLE_STATS_REPLY;
        }
    }
}
