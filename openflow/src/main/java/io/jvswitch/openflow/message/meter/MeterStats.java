package io.jvswitch.openflow.message.meter;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What meters have counted (OpenFlow 1.5.1, section 7.3.5.13). */
public final class MeterStats {

    private MeterStats() {}

    /** Asks for one meter, or for {@link MeterMod#ALL}. */
    public record Request(long meter) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("METER")
                .request(
                        Family.OFPST,
                        "1.3+",
                        9,
                        Layout.of(Request.class, f -> f.u32("meter").pad(4)));

        @Override
        public MessageType type() {
            return MessageType.METER_STATS_REQUEST;
        }
    }

    /** What was above a band's rate. */
    public record BandCounter(long packets, long bytes) {
        private static final Layout<BandCounter> LAYOUT =
                Layout.of(BandCounter.class, f -> f.u64("packets").u64("bytes"));
    }

    /**
     * One meter.
     *
     * @param durationS for how long the meter has been there
     * @param durationNs beyond the seconds
     */
    public record Entry(
            long meter,
            long flows,
            long packets,
            long bytes,
            long durationS,
            long durationNs,
            List<BandCounter> bands) {

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.u32("meter")
                        .length()
                        .pad(6)
                        .u32("flows")
                        .u64("packets")
                        .u64("bytes")
                        .u32("durationS")
                        .u32("durationNs")
                        .list("bands", BandCounter.LAYOUT));
    }

    /** Tells. */
    public record Reply(List<Entry> meters) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("METER")
                .reply(Family.OFPST, "1.3+", 9, Layout.of(Reply.class, f -> f.list("meters", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.METER_STATS_REPLY;
        }
    }
}
