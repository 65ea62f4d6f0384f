package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tables can do (OpenFlow 1.5.1, section 7.3.5.17). */
public final class TableFeatures {

    private TableFeatures() {}

    /**
     * An instruction or action that a table knows.
     *
     * @param type 0xffff for an experimenter's
     * @param experimenter whose it is, 0 for OpenFlow's
     */
    public record Known(int type, long experimenter) {

        private static final int EXPERIMENTER = 0xffff;
        private static final int BYTES = 4;

        private static final WireType<Known> TYPE = new WireType<>() {
            @Override
            public Known read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(BYTES, OpenFlowError.OFPBPC_BAD_LEN, "a type");
                int start = in.position();
                int type = in.u16();
                int length = in.u16();
                if (length != (type == EXPERIMENTER ? 2 * BYTES : BYTES)) {
                    throw new OpenFlowException(
                            OpenFlowError.OFPBPC_BAD_LEN, start, "type " + type + " has the length " + length);
                }
                in.require(length - BYTES, OpenFlowError.OFPBPC_BAD_LEN, "an experimenter's type");
                return new Known(type, length > BYTES ? in.u32() : 0);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Known value) {
                boolean experimenter = value.type == EXPERIMENTER;
                out.u16(value.type).u16(experimenter ? 2 * BYTES : BYTES);
                if (experimenter) {
                    out.u32((int) value.experimenter);
                }
            }
        };
    }

    /**
     * A field that a table knows.
     *
     * @param header as in a match: class, number, whether it has a mask, and length
     * @param experimenter whose it is, 0 but for fields of the experimenters' class
     */
    public record Field(long header, long experimenter) {

        private static final int EXPERIMENTER_CLASS = 0xffff;

        private static final WireType<Field> TYPE = new WireType<>() {
            @Override
            public Field read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(Integer.BYTES, OpenFlowError.OFPBPC_BAD_LEN, "a field's header");
                long header = in.u32();
                if (header >>> 16 != EXPERIMENTER_CLASS) {
                    return new Field(header, 0);
                }
                in.require(Integer.BYTES, OpenFlowError.OFPBPC_BAD_LEN, "a field's experimenter");
                return new Field(header, in.u32());
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Field value) {
                out.u32((int) value.header);
                if (value.header >>> 16 == EXPERIMENTER_CLASS) {
                    out.u32((int) value.experimenter);
                }
            }
        };
    }

    /**
     * One table.
     *
     * @param command what a request does with it, in OpenFlow 1.5
     * @param metadataMatch bits of the metadata that can be matched
     * @param metadataWrite bits of the metadata that can be written
     * @param capabilities bits of {@link TableConfig}, from OpenFlow 1.4 on
     * @param maxEntries how many flows it takes
     * @param match fields that can be matched, or null
     * @param wildcards fields that need not be matched, or null
     */
    public record Entry(
            int table,
            int command,
            String name,
            long metadataMatch,
            long metadataWrite,
            long capabilities,
            long maxEntries,
            @Nullable List<Known> instructions,
            @Nullable List<Known> instructionsMiss,
            @Nullable List<Integer> nextTables,
            @Nullable List<Integer> nextTablesMiss,
            @Nullable List<Known> writeActions,
            @Nullable List<Known> writeActionsMiss,
            @Nullable List<Known> applyActions,
            @Nullable List<Known> applyActionsMiss,
            @Nullable List<Field> match,
            @Nullable List<Field> wildcards,
            @Nullable List<Field> writeSetFields,
            @Nullable List<Field> writeSetFieldsMiss,
            @Nullable List<Field> applySetFields,
            @Nullable List<Field> applySetFieldsMiss) {

        private static final WireType<List<Known>> KNOWN = WireTypes.list(Known.TYPE);
        private static final WireType<List<Field>> FIELDS = WireTypes.list(Field.TYPE);
        private static final WireType<List<Integer>> TABLES = WireTypes.list(WireTypes.U8);

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.optional(
                                "instructions",
                                "instructionsMiss",
                                "nextTables",
                                "nextTablesMiss",
                                "writeActions",
                                "writeActionsMiss",
                                "applyActions",
                                "applyActionsMiss",
                                "match",
                                "wildcards",
                                "writeSetFields",
                                "writeSetFieldsMiss",
                                "applySetFields",
                                "applySetFieldsMiss")
                        .length()
                        .u8("table")
                        .u8("command")
                        .pad(4)
                        .text("name", 32)
                        .u64("metadataMatch")
                        .u64("metadataWrite")
                        .u32("capabilities")
                        .u32("maxEntries")
                        // In the order in which Open vSwitch writes them.
                        .looseProperties(p -> p.value(0, "instructions", KNOWN)
                                .value(2, "nextTables", TABLES)
                                .value(4, "writeActions", KNOWN)
                                .value(12, "writeSetFields", FIELDS)
                                .value(6, "applyActions", KNOWN)
                                .value(14, "applySetFields", FIELDS)
                                .value(1, "instructionsMiss", KNOWN)
                                .value(3, "nextTablesMiss", TABLES)
                                .value(5, "writeActionsMiss", KNOWN)
                                .value(13, "writeSetFieldsMiss", FIELDS)
                                .value(7, "applyActionsMiss", KNOWN)
                                .value(15, "applySetFieldsMiss", FIELDS)
                                .value(8, "match", FIELDS)
                                .value(10, "wildcards", FIELDS)));
    }

    /** Asks, or with entries changes what tables can do. */
    public record Request(List<Entry> tables) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("TABLE_FEATURES")
                .request(Family.OFPST, "1.3+", 12, Layout.of(Request.class, f -> f.list("tables", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.TABLE_FEATURES_STATS_REQUEST;
        }
    }

    /** Tells. */
    public record Reply(List<Entry> tables) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("TABLE_FEATURES")
                .reply(Family.OFPST, "1.3+", 12, Layout.of(Reply.class, f -> f.list("tables", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.TABLE_FEATURES_STATS_REPLY;
        }
    }
}
