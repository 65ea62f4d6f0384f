package io.jvswitch.openflow.message.meter;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** What a switch's meters can do (OpenFlow 1.5.1, section 7.3.5.15). */
public final class MeterFeatures {

    private MeterFeatures() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("METER_FEATURES").request(Family.OFPST, "1.3+", 11, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.METER_FEATURES_STATS_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param maxMeters how many meters there can be
     * @param bandTypes a bit for each kind of band that there is
     * @param capabilities the flags of {@link MeterMod} that there are
     * @param maxBands how many bands a meter can have
     * @param maxColors how many colours there are
     */
    public record Reply(long maxMeters, long bandTypes, long capabilities, int maxBands, int maxColors)
            implements Message {

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("METER_FEATURES")
                .reply(
                        Family.OFPST,
                        "1.3+",
                        11,
                        Layout.of(
                                Reply.class,
                                f -> f.u32("maxMeters")
                                        .u32("bandTypes")
                                        .u32("capabilities")
                                        .u8("maxBands")
                                        .u8("maxColors")
                                        .pad(2)));

        @Override
        public MessageType type() {
            return MessageType.METER_FEATURES_STATS_REPLY;
        }
    }
}
