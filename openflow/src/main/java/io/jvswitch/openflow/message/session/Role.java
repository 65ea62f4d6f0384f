package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;

/** Which of several controllers commands (OpenFlow 1.5.1, section 7.3.8). */
public enum Role {
    NO_CHANGE("nochange"),
    EQUAL("equal"),
    PRIMARY("primary"),
    SECONDARY("secondary");

    /** A generation that says nothing. */
    public static final long NO_GENERATION = -1;

    private static final WireType<Role> TYPE =
            WireTypes.ordinal(WireTypes.NUMBER32, Role.class, OpenFlowError.OFPRRFC_BAD_ROLE);

    /** Nicira's has no {@link #NO_CHANGE}, and calls {@link #EQUAL} other. */
    private static final WireType<Role> NICIRA_TYPE = WireTypes.coded(
            WireTypes.NUMBER32,
            code -> switch (code) {
                case 0 -> EQUAL;
                case 1 -> PRIMARY;
                case 2 -> SECONDARY;
                default -> null;
            },
            Role::niciras,
            OpenFlowError.OFPRRFC_BAD_ROLE);

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** As Open vSwitch's tools print it. */
    public String label() {
        return label;
    }

    private static int niciras(Role role) {
        return switch (role) {
            case NO_CHANGE -> throw new IllegalArgumentException("Nicira's messages have no role " + role.label);
            case EQUAL -> 0;
            case PRIMARY -> 1;
            case SECONDARY -> 2;
        };
    }

    private static <T extends Record> Layout<T> standard(Class<T> type) {
        return Layout.of(type, f -> f.field("role", TYPE).pad(4).u64("generation"));
    }

    private static <T extends Record> Layout<T> nicira(Class<T> type) {
        return Layout.of(type, f -> f.absent("generation", NO_GENERATION).field("role", NICIRA_TYPE));
    }

    /**
     * A controller wants a role.
     *
     * @param generation of the election that gave it the role
     */
    public record Request(Role role, long generation) implements Message {
        public static final MessageForms<Request> FORMS = MessageForms.<Request>named("ROLE_REQUEST")
                .form(Family.OFPT, "1.2+", 24, standard(Request.class))
                .form(Family.NXT, "1.0+", 10, nicira(Request.class));

        @Override
        public MessageType type() {
            return MessageType.ROLE_REQUEST;
        }
    }

    /** It has the role. */
    public record Reply(Role role, long generation) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("ROLE_REPLY")
                .form(Family.OFPT, "1.2+", 25, standard(Reply.class))
                .form(Family.NXT, "1.0+", 11, nicira(Reply.class));

        @Override
        public MessageType type() {
            return MessageType.ROLE_REPLY;
        }
    }

    /**
     * A controller's role has changed without its asking.
     *
     * @param reason 0 another became primary, 1 the configuration changed, 2 an experimenter's
     */
    public record Status(Role role, int reason, long generation) implements Message {
        private static final Layout<Status> LAYOUT = Layout.of(
                Status.class,
                f -> f.field("role", TYPE).u8("reason").pad(3).u64("generation").looseProperties(p -> {}));

        public static final MessageForms<Status> FORMS = MessageForms.<Status>named("ROLE_STATUS")
                .form(Family.OFPT, "1.4+", 30, LAYOUT)
                .form(Family.ONFT, "1.3", 1911, LAYOUT);

        @Override
        public MessageType type() {
            return MessageType.ROLE_STATUS;
        }
    }
}
