package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import io.jvswitch.openflow.message.port.PortDescription;
import java.util.List;

/** What a switch is (OpenFlow 1.5.1, section 7.3.1). */
public final class Features {

    private Features() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("FEATURES_REQUEST").form(Family.OFPT, "1.0+", 5, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.FEATURES_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param datapathId the bridge
     * @param buffers how many packets it can keep for the controller
     * @param tables how many tables it has
     * @param auxiliaryId 0 for the main connection; from OpenFlow 1.3 on
     * @param capabilities bits, whose meaning depends on the version
     * @param actions which actions it knows, a bit for each; in OpenFlow 1.0
     * @param ports its ports; up to OpenFlow 1.2
     */
    public record Reply(
            long datapathId,
            long buffers,
            int tables,
            int auxiliaryId,
            long capabilities,
            long actions,
            List<PortDescription> ports)
            implements Message {

        private static final Layout<Reply> LAYOUT = Layout.of(
                Reply.class,
                f -> f.u64("datapathId")
                        .u32("buffers")
                        .u8("tables")
                        .in("1.0-1.2", g -> g.pad(1))
                        .in("1.3+", g -> g.u8("auxiliaryId"))
                        .pad(2)
                        .u32("capabilities")
                        .u32("actions")
                        .in("1.0-1.2", g -> g.list("ports", PortDescription.LAYOUT)));

        public static final MessageForms<Reply> FORMS =
                MessageForms.<Reply>named("FEATURES_REPLY").form(Family.OFPT, "1.0+", 6, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.FEATURES_REPLY;
        }
    }
}
