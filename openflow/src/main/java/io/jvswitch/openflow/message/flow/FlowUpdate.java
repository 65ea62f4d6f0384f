package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.MatchBytes;

/**
 * What has happened to a flow, for who monitors flows (OpenFlow 1.5.1, section 7.3.5.19.2).
 *
 * @param reason why it was removed, as {@link FlowRemoved} has it
 * @param idleTimeoutS 0 for none
 * @param hardTimeoutS 0 for none
 * @param match its bytes, see {@link MatchBytes}; of {@link Event#INITIAL} to {@link Event#MODIFIED}
 * @param actions the bytes of actions in Nicira's form, and of instructions in others
 * @param xid of the monitor's own request that did it; of {@link Event#ABBREVIATED}
 */
public record FlowUpdate(
        Event event,
        int table,
        int reason,
        int idleTimeoutS,
        int hardTimeoutS,
        int priority,
        long cookie,
        Bytes match,
        Bytes actions,
        long xid) {

    /** What happened; {@link #INITIAL}, {@link #PAUSED} and {@link #RESUMED} from OpenFlow 1.4 on. */
    public enum Event {
        INITIAL,
        ADDED,
        REMOVED,
        MODIFIED,
        ABBREVIATED,
        PAUSED,
        RESUMED;

        private static final WireType<Event> STANDARD =
                WireTypes.ordinal(WireTypes.U16, Event.class, OpenFlowError.NXBRC_FM_BAD_EVENT);

        /** Before OpenFlow 1.4, where there are four. */
        private static final WireType<Event> OLD = new WireType<>() {
            @Override
            public Event read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(2, OpenFlowError.OFPBRC_BAD_LEN, "an event");
                int at = in.position();
                int code = in.u16();
                return switch (code) {
                    case 0 -> ADDED;
                    case 1 -> REMOVED;
                    case 2 -> MODIFIED;
                    case 3 -> ABBREVIATED;
                    default ->
                        throw new OpenFlowException(OpenFlowError.NXBRC_FM_BAD_EVENT, at, "there is no event " + code);
                };
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Event value) {
                out.u16(
                        switch (value) {
                            case ADDED -> 0;
                            case REMOVED -> 1;
                            case MODIFIED -> 2;
                            case ABBREVIATED -> 3;
                            case INITIAL, PAUSED, RESUMED ->
                                throw new IllegalArgumentException(version.label() + " has no event " + value);
                        });
            }
        };

        private static WireType<Event> of(OpenFlowVersion version) {
            return version.isAtLeast(OpenFlowVersion.V1_4) ? STANDARD : OLD;
        }
    }

    private static void begin(LayoutBuilder f) {
        f.length().in("1.0-1.3", g -> g.field("event", Event.OLD)).in("1.4+", g -> g.field("event", Event.STANDARD));
    }

    private static final Layout<FlowUpdate> FULL = Layout.of(FlowUpdate.class, f -> {
        f.without("xid");
        begin(f);
        f.in(
                "1.0-1.3",
                g -> g.u16("reason")
                        .u16("priority")
                        .u16("idleTimeoutS")
                        .u16("hardTimeoutS")
                        .lengthOf("match")
                        .u8("table")
                        .pad(1)
                        .u64("cookie"));
        f.in(
                "1.4+",
                g -> g.u8("table")
                        .u8("reason")
                        .u16("idleTimeoutS")
                        .u16("hardTimeoutS")
                        .u16("priority")
                        .pad(4)
                        .u64("cookie"));
        f.in("1.0-1.2", g -> g.boundedAligned("match", MatchBytes.FIELDS))
                .in("1.3", g -> g.boundedAligned("match", MatchBytes.UNFILLED))
                .in("1.4+", g -> g.field("match", MatchBytes.STANDARD));
        f.rest("actions");
    });

    private static final Layout<FlowUpdate> ABBREVIATED = Layout.of(FlowUpdate.class, f -> {
        f.without("table", "reason", "idleTimeoutS", "hardTimeoutS", "priority", "cookie", "match", "actions");
        begin(f);
        f.u32("xid");
    });

    private static final Layout<FlowUpdate> NOTICE = Layout.of(FlowUpdate.class, f -> {
        f.without("table", "reason", "idleTimeoutS", "hardTimeoutS", "priority", "cookie", "match", "actions", "xid");
        begin(f);
        f.pad(4);
    });

    private static Layout<FlowUpdate> layout(Event event) {
        return switch (event) {
            case INITIAL, ADDED, REMOVED, MODIFIED -> FULL;
            case ABBREVIATED -> ABBREVIATED;
            case PAUSED, RESUMED -> NOTICE;
        };
    }

    private static final int HEADER_BYTES = 4;

    static final WireType<FlowUpdate> TYPE = new WireType<>() {
        @Override
        public FlowUpdate read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
            in.require(HEADER_BYTES, OpenFlowError.OFPBRC_BAD_LEN, "a flow's update");
            byte[] event = {(byte) in.peekU8(2), (byte) in.peekU8(3)};
            return layout(Event.of(version).read(MessageReader.of(event), version))
                    .read(in, version);
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, FlowUpdate value) {
            layout(value.event).write(out, version, value);
        }
    };
}
