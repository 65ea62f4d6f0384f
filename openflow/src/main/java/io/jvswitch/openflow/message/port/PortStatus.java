package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * A port was added, deleted or changed (OpenFlow 1.5.1, section 7.4.3).
 *
 * @param port how it is, or was
 */
public record PortStatus(Reason reason, PortDescription port) implements Message {

    /** What happened. */
    public enum Reason {
        ADD,
        DELETE,
        MODIFY;

        private static final WireType<Reason> TYPE =
                WireTypes.ordinal(WireTypes.U8, Reason.class, OpenFlowError.NXBRC_BAD_REASON);
    }

    public static final MessageForms<PortStatus> FORMS = MessageForms.<PortStatus>named("PORT_STATUS")
            .form(
                    Family.OFPT,
                    "1.0+",
                    12,
                    Layout.of(
                            PortStatus.class,
                            f -> f.field("reason", Reason.TYPE).pad(7).field("port", PortDescription.LAYOUT)));

    @Override
    public MessageType type() {
        return MessageType.PORT_STATUS;
    }
}
