package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ports have counted (OpenFlow 1.5.1, section 7.3.5.5). */
public final class PortStats {

    private PortStats() {}

    /** Asks for one port, or for {@link PortDescription#ANY}. */
    public record Request(int number) implements Message {
        private static final Layout<Request> LAYOUT = Layout.of(
                Request.class, f -> f.port("number").in("1.0", g -> g.pad(6)).in("1.1+", g -> g.pad(4)));

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("PORT").request(Family.OFPST, "1.0+", 4, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.PORT_STATS_REQUEST;
        }
    }

    /**
     * One port. A counter that the switch has not got is -1.
     *
     * @param ethernet errors by kind; null where a switch does not tell, which it can from OpenFlow 1.4 on
     * @param durationS for how long the port has been there; from OpenFlow 1.3 on
     * @param durationNs beyond the seconds
     */
    public record Entry(
            int number,
            long rxPackets,
            long txPackets,
            long rxBytes,
            long txBytes,
            long rxDropped,
            long txDropped,
            long rxErrors,
            long txErrors,
            @Nullable EthernetErrors ethernet,
            long durationS,
            long durationNs) {

        static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.in("1.4+", g -> g.length().pad(2))
                        .port("number")
                        .in("1.0", g -> g.pad(6))
                        .in("1.1-1.3", g -> g.pad(4))
                        .in("1.4+", g -> g.u32("durationS").u32("durationNs"))
                        .u64("rxPackets")
                        .u64("txPackets")
                        .u64("rxBytes")
                        .u64("txBytes")
                        .u64("rxDropped")
                        .u64("txDropped")
                        .u64("rxErrors")
                        .u64("txErrors")
                        .in(
                                "1.0-1.3",
                                g -> g.instead("ethernet", EthernetErrors.UNKNOWN)
                                        .field("ethernet", EthernetErrors.LAYOUT))
                        .in("1.3", g -> g.u32("durationS").u32("durationNs"))
                        .in(
                                "1.4+",
                                g -> g.looseProperties(
                                        p -> p.value(0, "ethernet", WireTypes.padded(4, EthernetErrors.LAYOUT)))));
    }

    /** Errors and collisions of an Ethernet link. */
    public record EthernetErrors(long rxFrame, long rxOver, long rxCrc, long collisions) {

        /** Nothing is known. */
        public static final EthernetErrors UNKNOWN = new EthernetErrors(-1, -1, -1, -1);

        static final Layout<EthernetErrors> LAYOUT = Layout.of(
                EthernetErrors.class,
                f -> f.u64("rxFrame").u64("rxOver").u64("rxCrc").u64("collisions"));
    }

    /** Tells. */
    public record Reply(List<Entry> ports) implements Message {
        private static final Layout<Reply> LAYOUT = Layout.of(Reply.class, f -> f.list("ports", Entry.LAYOUT));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("PORT").reply(Family.OFPST, "1.0+", 4, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.PORT_STATS_REPLY;
        }
    }
}
