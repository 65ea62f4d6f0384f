package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/**
 * What a switch's groups can do (OpenFlow 1.5.1, section 7.3.5.12). Open vSwitch tells in OpenFlow 1.0 and 1.1,
 * too.
 */
public final class GroupFeatures {

    private GroupFeatures() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("GROUP_FEATURES")
                .request(Family.OFPST, "1.2+", 8, NOTHING)
                .request(Family.NXST, "1.0-1.1", 9, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.GROUP_FEATURES_STATS_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param types a bit for each kind of group that there is
     * @param capabilities bits: 1 weights, 2 liveness, 4 chains, 8 checks of chains
     * @param maxGroups how many there can be, for each of the four kinds
     * @param actions a bit for each action that buckets may have, for each of the four kinds
     */
    public record Reply(long types, long capabilities, List<Long> maxGroups, List<Long> actions) implements Message {
        private static final int KINDS = 4;

        private static final Layout<Reply> LAYOUT = Layout.of(
                Reply.class,
                f -> f.u32("types")
                        .u32("capabilities")
                        .field("maxGroups", WireTypes.times(KINDS, WireTypes.U32))
                        .field("actions", WireTypes.times(KINDS, WireTypes.U32)));

        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("GROUP_FEATURES")
                .reply(Family.OFPST, "1.2+", 8, LAYOUT)
                .reply(Family.NXST, "1.0-1.1", 9, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.GROUP_FEATURES_STATS_REPLY;
        }
    }
}
