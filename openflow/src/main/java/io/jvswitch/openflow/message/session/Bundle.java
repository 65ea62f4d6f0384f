package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** Messages that take effect together, or not at all (OpenFlow 1.5.1, section 7.3.9). */
public final class Bundle {

    /** All messages or none. */
    public static final int ATOMIC = 1;
    /** In the order in which they came. */
    public static final int ORDERED = 2;

    private Bundle() {}

    /** What a control message says; each request has its reply behind it. */
    public enum Step {
        OPEN_REQUEST,
        OPEN_REPLY,
        CLOSE_REQUEST,
        CLOSE_REPLY,
        COMMIT_REQUEST,
        COMMIT_REPLY,
        DISCARD_REQUEST,
        DISCARD_REPLY;

        private static final WireType<Step> TYPE =
                WireTypes.ordinal(WireTypes.U16, Step.class, OpenFlowError.OFPBFC_BAD_TYPE);
    }

    /**
     * Opens, closes, commits or discards a bundle.
     *
     * @param flags {@link #ATOMIC}, {@link #ORDERED}
     */
    public record Control(long id, Step step, int flags) implements Message {
        private static final Layout<Control> LAYOUT = Layout.of(
                Control.class,
                f -> f.u32("id").field("step", Step.TYPE).u16("flags").looseProperties(p -> {}));

        public static final MessageForms<Control> FORMS = MessageForms.<Control>named("BUNDLE_CONTROL")
                .form(Family.OFPT, "1.4+", 33, LAYOUT)
                .form(Family.ONFT, "1.3", 2300, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.BUNDLE_CONTROL;
        }
    }

    /**
     * Adds a message to a bundle.
     *
     * @param flags as in the bundle
     * @param message a whole message with its header, and properties behind it: what it says is looked at by {@link
     *     io.jvswitch.openflow.message.MessageCodec}
     */
    public record Add(long id, int flags, Bytes message) implements Message {
        private static final Layout<Add> LAYOUT =
                Layout.of(Add.class, f -> f.u32("id").pad(2).u16("flags").rest("message"));

        public static final MessageForms<Add> FORMS = MessageForms.<Add>named("BUNDLE_ADD_MESSAGE")
                .form(Family.OFPT, "1.4+", 34, LAYOUT)
                .form(Family.ONFT, "1.3", 2301, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.BUNDLE_ADD_MESSAGE;
        }
    }
}
