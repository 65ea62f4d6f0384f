package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** How the tables are configured (OpenFlow 1.5.1, section 7.3.5.18). */
public final class TableDesc {

    private TableDesc() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("TABLE_DESC").request(Family.OFPST, "1.4+", 14, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.TABLE_DESC_REQUEST;
        }
    }

    /** Tells. */
    public record Reply(List<TableConfig> tables) implements Message {
        private static final Layout<Reply> LAYOUT =
                Layout.of(Reply.class, f -> f.list("tables", TableConfig.DESCRIPTION));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("TABLE_DESC").reply(Family.OFPST, "1.4+", 14, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.TABLE_DESC_REPLY;
        }
    }
}
