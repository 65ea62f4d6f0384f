package io.jvswitch.openflow.message.nicira;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Forgets connections that match.
 *
 * @param protocol of IP, 0 for any
 * @param original the packets that opened the connection, or null for any
 * @param reply the packets that answered, or null for any
 * @param zone or null for all
 */
public record CtFlush(
        int protocol,
        @Nullable Tuple original,
        @Nullable Tuple reply,
        @Nullable Integer zone) implements Message {

    /**
     * What packets in one direction look like; null is any.
     *
     * @param source of 16 bytes, an IPv4 address in IPv6's form
     */
    public record Tuple(
            @Nullable Bytes source,
            @Nullable Bytes destination,
            @Nullable Integer sourcePort,
            @Nullable Integer destinationPort,
            @Nullable Integer icmpId,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode) {

        private static final WireType<Integer> U8 = WireTypes.followedBy(3, WireTypes.U8);
        private static final WireType<Integer> U16 = WireTypes.followedBy(2, WireTypes.U16);

        private static final Layout<Tuple> LAYOUT = Layout.of(
                Tuple.class,
                f -> f.pad(4)
                        .optional("source", "destination")
                        .looseProperties(p -> p.value(0, "source", WireTypes.bytes(16))
                                .value(1, "destination", WireTypes.bytes(16))
                                .value(2, "sourcePort", U16)
                                .value(3, "destinationPort", U16)
                                .value(4, "icmpId", U16)
                                .value(5, "icmpType", U8)
                                .value(6, "icmpCode", U8)));
    }

    public static final MessageForms<CtFlush> FORMS = MessageForms.<CtFlush>named("CT_FLUSH")
            .form(
                    Family.NXT,
                    "1.0+",
                    32,
                    Layout.of(
                            CtFlush.class,
                            f -> f.u8("protocol")
                                    .zeros(7)
                                    .looseProperties(p -> p.value(0, "original", Tuple.LAYOUT)
                                            .value(1, "reply", Tuple.LAYOUT)
                                            .value(2, "zone", WireTypes.followedBy(2, WireTypes.U16)))));

    @Override
    public MessageType type() {
        return MessageType.CT_FLUSH;
    }
}
