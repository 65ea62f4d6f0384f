package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import io.jvswitch.openflow.message.group.GroupNumbers;
import java.util.List;

/**
 * Changes of flows for a controller (OpenFlow 1.5.1, section 7.3.5.19), before OpenFlow 1.3 by Nicira's
 * extension, in 1.3 by
 * the ONF's.
 */
public final class FlowMonitor {

    public static final int INITIAL = 1;
    public static final int ADD = 1 << 1;
    public static final int REMOVED = 1 << 2;
    public static final int MODIFY = 1 << 3;
    public static final int INSTRUCTIONS = 1 << 4;
    /** From OpenFlow 1.4 on; there {@link #ONLY_OWN} is one bit higher than before. */
    public static final int NO_ABBREVIATION = 1 << 5;

    public static final int ONLY_OWN = 1 << 6;
    /** {@link #ONLY_OWN} before OpenFlow 1.4. */
    public static final int ONLY_OWN_OLD = 1 << 5;

    private FlowMonitor() {}

    /** What to do with a monitor; always {@link #ADD} before OpenFlow 1.4. */
    public enum Command {
        ADD,
        MODIFY,
        DELETE;

        private static final WireType<Command> TYPE =
                WireTypes.ordinal(WireTypes.U8, Command.class, OpenFlowError.OFPMOFC_BAD_COMMAND);
    }

    /**
     * One monitor.
     *
     * @param flags bits {@link #INITIAL} to {@link #ONLY_OWN}
     * @param outPort only flows that lead there, or {@code ANY}
     * @param outGroup only flows that lead there; from OpenFlow 1.4 on
     * @param table 255 for all
     * @param match its bytes, see {@link MatchBytes}: of Nicira's form a list of fields
     */
    public record Monitor(long id, Command command, int flags, int outPort, long outGroup, int table, Bytes match) {

        private static final Layout<Monitor> LAYOUT = Layout.of(
                Monitor.class,
                f -> f.absent("command", Command.ADD)
                        .absent("outGroup", GroupNumbers.ANY)
                        .u32("id")
                        .in(
                                "1.0-1.2",
                                g -> g.u16("flags")
                                        .field("outPort", WireTypes.U16)
                                        .lengthOf("match")
                                        .u8("table")
                                        .zeros(5)
                                        .boundedAligned("match", MatchBytes.FIELDS))
                        .in(
                                "1.3",
                                g -> g.u16("flags")
                                        .lengthOf("match")
                                        .port("outPort")
                                        .u8("table")
                                        .zeros(3)
                                        .boundedAligned("match", MatchBytes.UNFILLED))
                        .in(
                                "1.4+",
                                g -> g.port("outPort")
                                        .u32("outGroup")
                                        .u16("flags")
                                        .u8("table")
                                        .field("command", Command.TYPE)
                                        .field("match", MatchBytes.STANDARD)));
    }

    /** Asks. */
    public record Request(List<Monitor> monitors) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(Request.class, f -> f.list("monitors", Monitor.LAYOUT));

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("FLOW_MONITOR")
                .request(Family.OFPST, "1.4+", 16, LAYOUT)
                .request(Family.ONFST, "1.3", 1870, LAYOUT)
                .request(Family.NXST, "1.0-1.2", 2, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.FLOW_MONITOR_STATS_REQUEST;
        }
    }

    /** Tells. */
    public record Reply(List<FlowUpdate> updates) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("updates", FlowUpdate.TYPE));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("FLOW_MONITOR")
                .reply(Family.OFPST, "1.4+", 16, LAYOUT)
                .reply(Family.ONFST, "1.3", 1870, LAYOUT)
                .reply(Family.NXST, "1.0-1.2", 2, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.FLOW_MONITOR_STATS_REPLY;
        }
    }

    /** Ends a monitor; from OpenFlow 1.4 on a request does. */
    public record Cancel(long id) implements Message {
        private static final Layout<Cancel> LAYOUT = Layout.of(Cancel.class, f -> f.u32("id"));

        public static final MessageForms<Cancel> FORMS = MessageForms.<Cancel>named("FLOW_MONITOR_CANCEL")
                .form(Family.ONFT, "1.3", 1870, LAYOUT)
                .form(Family.NXT, "1.0-1.2", 21, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.FLOW_MONITOR_CANCEL;
        }
    }

    /** Updates are held back, for there are too many; from OpenFlow 1.4 on an update says so. */
    public record Paused() implements Message {
        private static final Layout<Paused> NOTHING = Layout.of(Paused.class, f -> {});

        public static final MessageForms<Paused> FORMS = MessageForms.<Paused>named("FLOW_MONITOR_PAUSED")
                .form(Family.ONFT, "1.3", 1871, NOTHING)
                .form(Family.NXT, "1.0-1.2", 22, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.FLOW_MONITOR_PAUSED;
        }
    }

    /** Updates go on; from OpenFlow 1.4 on an update says so. */
    public record Resumed() implements Message {
        private static final Layout<Resumed> NOTHING = Layout.of(Resumed.class, f -> {});

        public static final MessageForms<Resumed> FORMS = MessageForms.<Resumed>named("FLOW_MONITOR_RESUMED")
                .form(Family.ONFT, "1.3", 1872, NOTHING)
                .form(Family.NXT, "1.0-1.2", 23, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.FLOW_MONITOR_RESUMED;
        }
    }
}
