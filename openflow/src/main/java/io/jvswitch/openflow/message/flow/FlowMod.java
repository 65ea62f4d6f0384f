package io.jvswitch.openflow.message.flow;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import io.jvswitch.openflow.message.group.GroupNumbers;

/**
 * Adds, changes or deletes flows (OpenFlow 1.5.1, section 7.3.4.3).
 *
 * @param cookieMask which bits of the cookie count where flows are looked for; from OpenFlow 1.1 on
 * @param table 255 for any, where flows are deleted; from OpenFlow 1.1 on
 * @param command one of {@link #ADD} to {@link #DELETE_STRICT}; in OpenFlow 1.0 with the table in the upper 8 of
 *     16 bits,
 *     when {@link FlowModTableId} said so
 * @param idleTimeoutS 0 for none
 * @param hardTimeoutS 0 for none
 * @param buffer a packet that is kept for the controller, or {@link #NO_BUFFER}
 * @param outPort only flows that lead there, where flows are deleted
 * @param outGroup only flows that lead there, where flows are deleted; from OpenFlow 1.1 on
 * @param flags bits {@link #SEND_FLOW_REM} to {@link #NO_BYTE_COUNTS}
 * @param importance which flow goes first when the table is full; from OpenFlow 1.4 on
 * @param match its bytes, see {@link MatchBytes}: of Nicira's forms a list of fields
 * @param actions the bytes of actions in OpenFlow 1.0, and of instructions later
 */
public record FlowMod(
        long cookie,
        long cookieMask,
        int table,
        int command,
        int idleTimeoutS,
        int hardTimeoutS,
        int priority,
        long buffer,
        int outPort,
        long outGroup,
        int flags,
        int importance,
        Bytes match,
        Bytes actions)
        implements Message {

    public static final int ADD = 0;
    public static final int MODIFY = 1;
    public static final int MODIFY_STRICT = 2;
    public static final int DELETE = 3;
    public static final int DELETE_STRICT = 4;

    public static final int SEND_FLOW_REM = 1;
    public static final int CHECK_OVERLAP = 1 << 1;
    /** From OpenFlow 1.2 on; in 1.0 the bit means an emergency flow. */
    public static final int RESET_COUNTS = 1 << 2;

    public static final int NO_PACKET_COUNTS = 1 << 3;
    public static final int NO_BYTE_COUNTS = 1 << 4;

    public static final long NO_BUFFER = 0xffff_ffffL;
    public static final int ANY_TABLE = 0xff;

    private static void timeouts(LayoutBuilder f) {
        f.u16("idleTimeoutS").u16("hardTimeoutS").u16("priority").u32("buffer").port("outPort");
    }

    private static final Layout<FlowMod> FIXED = Layout.of(FlowMod.class, f -> {
        f.absent("table", ANY_TABLE).absent("outGroup", GroupNumbers.ANY).without("cookieMask", "importance");
        f.field("match", MatchBytes.V1_0).u64("cookie").u16("command");
        timeouts(f);
        f.u16("flags").rest("actions");
    });

    private static final Layout<FlowMod> NICIRA = Layout.of(FlowMod.class, f -> {
        f.absent("table", ANY_TABLE).absent("outGroup", GroupNumbers.ANY).without("cookieMask", "importance");
        f.u64("cookie")
                .u16("command")
                .u16("idleTimeoutS")
                .u16("hardTimeoutS")
                .u16("priority")
                .u32("buffer");
        f.field("outPort", WireTypes.U16).u16("flags").lengthOf("match").pad(6);
        f.boundedAligned("match", MatchBytes.FIELDS).rest("actions");
    });

    private static final Layout<FlowMod> STANDARD = Layout.of(FlowMod.class, f -> {
        f.u64("cookie").u64("cookieMask").u8("table").u8("command");
        timeouts(f);
        f.u32("outGroup").u16("flags");
        f.in("1.0-1.3", g -> g.pad(2)).in("1.4+", g -> g.u16("importance"));
        f.field("match", MatchBytes.STANDARD).rest("actions");
    });

    public static final MessageForms<FlowMod> FORMS = MessageForms.<FlowMod>named("FLOW_MOD")
            .form(Family.OFPT, "1.0", 14, FIXED)
            .form(Family.OFPT, "1.1+", 14, STANDARD)
            .form(Family.NXT, "1.0+", 13, NICIRA);

    @Override
    public MessageType type() {
        return MessageType.FLOW_MOD;
    }
}
