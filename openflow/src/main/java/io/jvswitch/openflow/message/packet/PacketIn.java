package io.jvswitch.openflow.message.packet;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.LayoutBuilder;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.MatchBytes;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A packet for the controller (OpenFlow 1.5.1, section 7.4.1; Nicira's two forms).
 *
 * @param buffer where the switch keeps it, or {@link #NO_BUFFER}
 * @param fullLength how long the packet is of which {@code data} is the beginning; in {@code NXT_PACKET_IN2} 0 where it
 *     is all of it
 * @param inPort where it came in; up to OpenFlow 1.1, and in the match later
 * @param inPhysicalPort where it came in below that; in OpenFlow 1.1
 * @param reason 0 no match, 1 an action, 2 its TTL, 3 the action set, 4 a group, 5 a packet-out
 * @param table not in OpenFlow 1.0
 * @param cookie of the flow, -1 for none; from OpenFlow 1.3 on, and in Nicira's forms
 * @param match where it was in the pipeline, the bytes of a match, see {@link MatchBytes}; from OpenFlow 1.2 on, and in
 *     Nicira's forms
 * @param userdata what the flow's action says; in {@code NXT_PACKET_IN2}
 * @param continuation what the switch needs to go on with the packet, or null when it does not wait; in {@code
 *     NXT_PACKET_IN2}
 */
public record PacketIn(
        long buffer,
        long fullLength,
        int inPort,
        int inPhysicalPort,
        int reason,
        int table,
        long cookie,
        Bytes match,
        Bytes userdata,
        @Nullable Bytes continuation,
        Bytes data)
        implements Message {

    public static final long NO_BUFFER = 0xffff_ffffL;

    private static final WireType<Long> LENGTH16 = WireTypes.widened(WireTypes.U16);

    private static void absent(LayoutBuilder f) {
        f.absent("buffer", NO_BUFFER).absent("cookie", -1L).optional("continuation");
        f.without("inPort", "inPhysicalPort", "table", "match", "userdata");
    }

    private static final Layout<PacketIn> STANDARD = Layout.of(PacketIn.class, f -> {
        absent(f);
        f.u32("buffer").in("1.1", g -> g.port("inPort").port("inPhysicalPort"));
        f.field("fullLength", LENGTH16).in("1.0", g -> g.port("inPort"));
        f.u8("reason").in("1.0", g -> g.pad(1)).in("1.1+", g -> g.u8("table"));
        f.in("1.3+", g -> g.u64("cookie"));
        f.in("1.2+", g -> g.field("match", MatchBytes.STANDARD).pad(2));
        f.rest("data");
    });

    private static final Layout<PacketIn> NICIRA = Layout.of(PacketIn.class, f -> {
        absent(f);
        f.u32("buffer").field("fullLength", LENGTH16).u8("reason").u8("table").u64("cookie");
        f.lengthOf("match")
                .pad(6)
                .boundedAligned("match", MatchBytes.FIELDS)
                .pad(2)
                .rest("data");
    });

    /** Properties, of a packet-in and of a packet that goes on. */
    static final Layout<PacketIn> PROPERTIES = Layout.of(PacketIn.class, f -> {
        absent(f);
        f.looseProperties(p -> p.always(0, "data", WireTypes.REST)
                .value(1, "fullLength", WireTypes.U32)
                .value(2, "buffer", WireTypes.U32)
                .always(3, "table", WireTypes.followedBy(3, WireTypes.U8))
                .value(4, "cookie", WireTypes.padded(4, WireTypes.U64))
                .always(5, "reason", WireTypes.followedBy(3, WireTypes.U8))
                .always(6, "match", MatchBytes.FIELDS)
                .value(7, "userdata", WireTypes.REST)
                .value(8, "continuation", WireTypes.padded(4, WireTypes.REST)));
    });

    public static final MessageForms<PacketIn> FORMS = MessageForms.<PacketIn>named("PACKET_IN")
            .form(Family.OFPT, "1.0+", 10, STANDARD)
            .form(Family.NXT, "1.0+", 17, NICIRA)
            .form(Family.NXT, "1.0+", 30, "PACKET_IN2", PROPERTIES);

    @Override
    public MessageType type() {
        return MessageType.PACKET_IN;
    }
}
