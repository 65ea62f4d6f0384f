package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Which messages a controller gets without asking (OpenFlow 1.5.1, section 7.3.10): for each kind of message the
 * reasons
 * for which it is sent, a bit for each, while the controller is secondary, and while it is not.
 *
 * <p>A mask that is null is not mentioned: what it was stays. Up to OpenFlow 1.3 the first three pairs are
 * always there,
 * null as 0, and the others only in Nicira's second form.
 */
public record AsyncConfig(
        @Nullable Long packetInSecondary,
        @Nullable Long packetInPrimary,
        @Nullable Long portStatusSecondary,
        @Nullable Long portStatusPrimary,
        @Nullable Long flowRemovedSecondary,
        @Nullable Long flowRemovedPrimary,
        @Nullable Long roleStatusSecondary,
        @Nullable Long roleStatusPrimary,
        @Nullable Long tableStatusSecondary,
        @Nullable Long tableStatusPrimary,
        @Nullable Long requestForwardSecondary,
        @Nullable Long requestForwardPrimary) {

    private static final Layout<AsyncConfig> PAIRS = Layout.of(
            AsyncConfig.class,
            f -> f.instead("packetInPrimary", 0L)
                    .instead("packetInSecondary", 0L)
                    .instead("portStatusPrimary", 0L)
                    .instead("portStatusSecondary", 0L)
                    .instead("flowRemovedPrimary", 0L)
                    .instead("flowRemovedSecondary", 0L)
                    .u32("packetInPrimary")
                    .u32("packetInSecondary")
                    .u32("portStatusPrimary")
                    .u32("portStatusSecondary")
                    .u32("flowRemovedPrimary")
                    .u32("flowRemovedSecondary")
                    .optional("roleStatusSecondary", "roleStatusPrimary", "tableStatusSecondary", "tableStatusPrimary")
                    .optional("requestForwardSecondary", "requestForwardPrimary"));

    private static final Layout<AsyncConfig> PROPERTIES = Layout.of(
            AsyncConfig.class,
            f -> f.properties(
                    OpenFlowError.OFPACFC_UNSUPPORTED,
                    p -> p.value(0, "packetInSecondary", WireTypes.U32)
                            .value(1, "packetInPrimary", WireTypes.U32)
                            .value(2, "portStatusSecondary", WireTypes.U32)
                            .value(3, "portStatusPrimary", WireTypes.U32)
                            .value(4, "flowRemovedSecondary", WireTypes.U32)
                            .value(5, "flowRemovedPrimary", WireTypes.U32)
                            .value(6, "roleStatusSecondary", WireTypes.U32)
                            .value(7, "roleStatusPrimary", WireTypes.U32)
                            .value(8, "tableStatusSecondary", WireTypes.U32)
                            .value(9, "tableStatusPrimary", WireTypes.U32)
                            .value(10, "requestForwardSecondary", WireTypes.U32)
                            .value(11, "requestForwardPrimary", WireTypes.U32)));

    /** Asks what is set. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("GET_ASYNC_REQUEST").form(Family.OFPT, "1.3+", 26, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.GET_ASYNC_REQUEST;
        }
    }

    /** Tells what is set. */
    public record Reply(AsyncConfig config) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("GET_ASYNC_REPLY")
                .form(Family.OFPT, "1.3", 27, Layout.of(Reply.class, f -> f.field("config", PAIRS)))
                .form(Family.OFPT, "1.4+", 27, Layout.of(Reply.class, f -> f.field("config", PROPERTIES)));

        @Override
        public MessageType type() {
            return MessageType.GET_ASYNC_REPLY;
        }
    }

    /** Sets. */
    public record Set(AsyncConfig config) implements Message {
        public static final MessageForms<Set> FORMS = MessageForms.<Set>named("SET_ASYNC")
                .form(Family.OFPT, "1.3", 28, Layout.of(Set.class, f -> f.field("config", PAIRS)))
                .form(Family.OFPT, "1.4+", 28, Layout.of(Set.class, f -> f.field("config", PROPERTIES)))
                .form(Family.NXT, "1.0+", 19, "SET_ASYNC_CONFIG", Layout.of(Set.class, f -> f.field("config", PAIRS)))
                .form(
                        Family.NXT,
                        "1.0-1.3",
                        27,
                        "SET_ASYNC_CONFIG2",
                        Layout.of(Set.class, f -> f.field("config", PROPERTIES)));

        @Override
        public MessageType type() {
            return MessageType.SET_ASYNC;
        }
    }
}
