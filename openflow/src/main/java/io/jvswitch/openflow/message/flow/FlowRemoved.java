package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * A flow is gone (OpenFlow 1.5.1, section 7.4.2).
 *
 * @param reason 0 idle, 1 hard timeout, 2 deleted, 3 its group, 4 its meter was deleted, 5 evicted
 * @param table not in OpenFlow 1.0, but in Nicira's form one more than the table's number, or 0
 * @param idleTimeoutS 0 for none
 * @param hardTimeoutS 0 for none; from OpenFlow 1.2 on
 * @param durationS for how long it had been there
 * @param durationNs beyond the seconds
 * @param packets -1 where it was not counted
 * @param bytes -1 where they were not counted
 * @param match its bytes, see {@link MatchBytes}: of Nicira's forms a list of fields
 */
public record FlowRemoved(
        long cookie,
        int priority,
        int reason,
        int table,
        int idleTimeoutS,
        int hardTimeoutS,
        long durationS,
        long durationNs,
        long packets,
        long bytes,
        Bytes match)
        implements Message {

    private static final Layout<FlowRemoved> FIXED = Layout.of(
            FlowRemoved.class,
            f -> f.without("table", "hardTimeoutS")
                    .field("match", MatchBytes.V1_0)
                    .u64("cookie")
                    .u16("priority")
                    .u8("reason")
                    .pad(1)
                    .u32("durationS")
                    .u32("durationNs")
                    .u16("idleTimeoutS")
                    .pad(2)
                    .u64("packets")
                    .u64("bytes"));

    private static final Layout<FlowRemoved> NICIRA = Layout.of(
            FlowRemoved.class,
            f -> f.without("hardTimeoutS")
                    .u64("cookie")
                    .u16("priority")
                    .u8("reason")
                    .u8("table")
                    .u32("durationS")
                    .u32("durationNs")
                    .u16("idleTimeoutS")
                    .lengthOf("match")
                    .u64("packets")
                    .u64("bytes")
                    .boundedAligned("match", MatchBytes.FIELDS));

    private static final Layout<FlowRemoved> STANDARD = Layout.of(
            FlowRemoved.class,
            f -> f.u64("cookie")
                    .u16("priority")
                    .u8("reason")
                    .u8("table")
                    .u32("durationS")
                    .u32("durationNs")
                    .u16("idleTimeoutS")
                    .in("1.1", g -> g.pad(2))
                    .in("1.2+", g -> g.u16("hardTimeoutS"))
                    .u64("packets")
                    .u64("bytes")
                    .field("match", MatchBytes.STANDARD));

    private static final Layout<FlowRemoved> TAGGED = Layout.of(
            FlowRemoved.class,
            f -> f.absent("packets", -1L)
                    .absent("bytes", -1L)
                    .u8("table")
                    .u8("reason")
                    .u16("priority")
                    .u16("idleTimeoutS")
                    .u16("hardTimeoutS")
                    .u64("cookie")
                    .field("match", MatchBytes.STANDARD)
                    .statistics(s -> s.duration("durationS", "durationNs")
                            .u64(4, "packets")
                            .u64(5, "bytes")));

    public static final MessageForms<FlowRemoved> FORMS = MessageForms.<FlowRemoved>named("FLOW_REMOVED")
            .form(Family.OFPT, "1.0", 11, FIXED)
            .form(Family.OFPT, "1.1-1.4", 11, STANDARD)
            .form(Family.OFPT, "1.5", 11, TAGGED)
            .form(Family.NXT, "1.0+", 14, NICIRA);

    @Override
    public MessageType type() {
        return MessageType.FLOW_REMOVED;
    }
}
