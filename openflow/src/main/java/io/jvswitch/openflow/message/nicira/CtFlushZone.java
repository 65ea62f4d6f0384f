package io.jvswitch.openflow.message.nicira;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Forgets the connections of a zone.
 */
public record CtFlushZone(int zone) implements Message {

    public static final MessageForms<CtFlushZone> FORMS = MessageForms.<CtFlushZone>named("CT_FLUSH_ZONE")
            .form(
                    Family.NXT,
                    "1.0+",
                    29,
                    Layout.of(CtFlushZone.class, f -> f.zeros(6).u16("zone")));

    @Override
    public MessageType type() {
        return MessageType.CT_FLUSH_ZONE;
    }
}
