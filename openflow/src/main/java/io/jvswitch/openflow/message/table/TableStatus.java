package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** A table fills up, or has room again (OpenFlow 1.5.1, section 7.4.5). */
public record TableStatus(Reason reason, TableConfig table) implements Message {

    /** What happened; the numbers are 3 and 4. */
    public enum Reason {
        VACANCY_DOWN,
        VACANCY_UP;

        private static final int FIRST = 3;

        private static final WireType<Reason> TYPE =
                WireTypes.ordinal(WireTypes.U8, Reason.class, FIRST, OpenFlowError.OFPBPC_BAD_VALUE);
    }

    public static final MessageForms<TableStatus> FORMS = MessageForms.<TableStatus>named("TABLE_STATUS")
            .form(
                    Family.OFPT,
                    "1.4+",
                    31,
                    Layout.of(
                            TableStatus.class,
                            f -> f.field("reason", Reason.TYPE).pad(7).field("table", TableConfig.DESCRIPTION)));

    @Override
    public MessageType type() {
        return MessageType.TABLE_STATUS;
    }
}
