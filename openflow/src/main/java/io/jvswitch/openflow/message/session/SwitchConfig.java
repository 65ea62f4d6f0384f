package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** What a switch does with fragments, and how much of a packet it sends (OpenFlow 1.5.1, section 7.3.2). */
public final class SwitchConfig {

    /** Bits of {@code flags} that say what happens to fragments. */
    public static final int FRAGMENTS_MASK = 3;
    /** In OpenFlow 1.1 and 1.2: packets whose TTL ran out go to the controller. */
    public static final int INVALID_TTL_TO_CONTROLLER = 1 << 2;

    private SwitchConfig() {}

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("GET_CONFIG_REQUEST").form(Family.OFPT, "1.0+", 7, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.GET_CONFIG_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param missSendLength how many bytes of a packet go to the controller where no action says it
     */
    public record Reply(int flags, int missSendLength) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("GET_CONFIG_REPLY")
                .form(
                        Family.OFPT,
                        "1.0+",
                        8,
                        Layout.of(Reply.class, f -> f.u16("flags").u16("missSendLength")));

        @Override
        public MessageType type() {
            return MessageType.GET_CONFIG_REPLY;
        }
    }

    /**
     * Orders.
     *
     * @param missSendLength how many bytes of a packet go to the controller where no action says it
     */
    public record Set(int flags, int missSendLength) implements Message {
        public static final MessageForms<Set> FORMS = MessageForms.<Set>named("SET_CONFIG")
                .form(
                        Family.OFPT,
                        "1.0+",
                        9,
                        Layout.of(Set.class, f -> f.u16("flags").u16("missSendLength")));

        @Override
        public MessageType type() {
            return MessageType.SET_CONFIG;
        }
    }
}
