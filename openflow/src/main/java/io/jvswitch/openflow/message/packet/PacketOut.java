package io.jvswitch.openflow.message.packet;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import io.jvswitch.openflow.message.port.PortDescription;

/**
 * A packet to send (OpenFlow 1.5.1, section 7.3.6).
 *
 * @param buffer where the switch kept it, or {@code 0xffffffff} when it is here
 * @param inPort where it shall seem to come from; up to OpenFlow 1.4
 * @param match what it shall seem to come with, the bytes of a match; in OpenFlow 1.5
 * @param actions their bytes
 * @param data the packet
 */
public record PacketOut(long buffer, int inPort, Bytes match, Bytes actions, Bytes data) implements Message {

    private static final Layout<PacketOut> LAYOUT = Layout.of(
            PacketOut.class,
            f -> f.absent("inPort", PortDescription.ANY)
                    .u32("buffer")
                    .in("1.0-1.4", g -> g.port("inPort"))
                    .lengthOf("actions")
                    .in("1.1-1.4", g -> g.pad(6))
                    .in("1.5", g -> g.pad(2).field("match", MatchBytes.STANDARD))
                    .bounded("actions", WireTypes.REST)
                    .rest("data"));

    public static final MessageForms<PacketOut> FORMS =
            MessageForms.<PacketOut>named("PACKET_OUT").form(Family.OFPT, "1.0+", 13, LAYOUT);

    @Override
    public MessageType type() {
        return MessageType.PACKET_OUT;
    }
}
