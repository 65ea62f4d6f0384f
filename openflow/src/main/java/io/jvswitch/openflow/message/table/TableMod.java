package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** Configures a table (OpenFlow 1.5.1, section 7.3.4.2). */
public record TableMod(TableConfig config) implements Message {

    public static final MessageForms<TableMod> FORMS = MessageForms.<TableMod>named("TABLE_MOD")
            .form(Family.OFPT, "1.1+", 17, Layout.of(TableMod.class, f -> f.field("config", TableConfig.MOD)));

    @Override
    public MessageType type() {
        return MessageType.TABLE_MOD;
    }
}
