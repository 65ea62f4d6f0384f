package io.jvswitch.openflow.message.packet;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/**
 * Nicira's: how packets shall be sent to the controller.
 *
 * @param format 0 as the OpenFlow version has it, 1 as {@code NXT_PACKET_IN}, 2 as {@code NXT_PACKET_IN2}
 */
public record SetPacketInFormat(long format) implements Message {

    public static final MessageForms<SetPacketInFormat> FORMS = MessageForms.<SetPacketInFormat>named(
                    "SET_PACKET_IN_FORMAT")
            .form(Family.NXT, "1.0+", 16, Layout.of(SetPacketInFormat.class, f -> f.u32("format")));

    @Override
    public MessageType type() {
        return MessageType.SET_PACKET_IN_FORMAT;
    }
}
