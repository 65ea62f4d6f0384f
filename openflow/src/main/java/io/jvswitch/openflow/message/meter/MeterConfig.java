package io.jvswitch.openflow.message.meter;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** How meters are configured (OpenFlow 1.5.1, section 7.3.5.14). */
public final class MeterConfig {

    private MeterConfig() {}

    /** Asks for one meter, or for {@link MeterMod#ALL}. */
    public record Request(long meter) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("METER_CONFIG")
                .request(
                        Family.OFPST,
                        "1.3+",
                        10,
                        Layout.of(Request.class, f -> f.u32("meter").pad(4)));

        @Override
        public MessageType type() {
            return MessageType.METER_CONFIG_STATS_REQUEST;
        }
    }

    /**
     * One meter.
     *
     * @param flags those of {@link MeterMod}
     */
    public record Entry(int flags, long meter, List<MeterBand> bands) {

        private static final Layout<Entry> LAYOUT =
                Layout.of(Entry.class, f -> f.length().u16("flags").u32("meter").list("bands", MeterBand.LAYOUT));
    }

    /** Tells. */
    public record Reply(List<Entry> meters) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("METER_CONFIG")
                .reply(Family.OFPST, "1.3+", 10, Layout.of(Reply.class, f -> f.list("meters", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.METER_CONFIG_STATS_REPLY;
        }
    }
}
