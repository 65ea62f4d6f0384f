package io.jvswitch.openflow.message.packet;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's: a packet that waited for the controller goes on.
 *
 * @param packet as it was sent in {@code NXT_PACKET_IN2}, and perhaps changed
 */
public record Resume(PacketIn packet) implements Message {

    public static final MessageForms<Resume> FORMS = MessageForms.<Resume>named("RESUME")
            .form(Family.NXT, "1.0+", 28, Layout.of(Resume.class, f -> f.field("packet", PacketIn.PROPERTIES)));

    @Override
    public MessageType type() {
        return MessageType.RESUME;
    }
}
