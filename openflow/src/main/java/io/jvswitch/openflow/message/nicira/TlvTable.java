package io.jvswitch.openflow.message.nicira;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** Which fields {@code tun_metadata0} to {@code 63} stand for which options of tunnels' headers. */
public final class TlvTable {

    private TlvTable() {}

    /**
     * A field and its option.
     *
     * @param optionClass of the option, 16 bits
     * @param optionType of the option, 8 bits
     * @param lengthBytes of the option's value
     * @param index which {@code tun_metadata} field
     */
    public record Mapping(int optionClass, int optionType, int lengthBytes, int index) {
        private static final Layout<Mapping> LAYOUT = Layout.of(
                Mapping.class,
                f -> f.u16("optionClass")
                        .u8("optionType")
                        .u8("lengthBytes")
                        .u16("index")
                        .pad(2));
    }

    /** What to do with mappings. */
    public enum Command {
        ADD,
        DELETE,
        CLEAR;

        private static final WireType<Command> TYPE =
                WireTypes.ordinal(WireTypes.U16, Command.class, OpenFlowError.NXTTMFC_BAD_COMMAND);
    }

    /** Changes the table. */
    public record Mod(Command command, List<Mapping> mappings) implements Message {
        public static final MessageForms<Mod> FORMS = MessageForms.<Mod>named("TLV_TABLE_MOD")
                .form(
                        Family.NXT,
                        "1.0+",
                        24,
                        Layout.of(
                                Mod.class,
                                f -> f.field("command", Command.TYPE).pad(6).list("mappings", Mapping.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.TLV_TABLE_MOD;
        }
    }

    /** Asks. */
    public record Request() implements Message {
        private static final Layout<Request> NOTHING = Layout.of(Request.class, f -> {});

        public static final MessageForms<Request> FORMS =
                MessageForms.<Request>named("TLV_TABLE_REQUEST").form(Family.NXT, "1.0+", 25, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.TLV_TABLE_REQUEST;
        }
    }

    /**
     * Tells.
     *
     * @param maxBytes how much room all options together have
     * @param maxFields how many fields there are
     */
    public record Reply(long maxBytes, int maxFields, List<Mapping> mappings) implements Message {
        public static final MessageForms<Reply> FORMS = MessageForms.<Reply>named("TLV_TABLE_REPLY")
                .form(
                        Family.NXT,
                        "1.0+",
                        26,
                        Layout.of(
                                Reply.class,
                                f -> f.u32("maxBytes").u16("maxFields").pad(10).list("mappings", Mapping.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.TLV_TABLE_REPLY;
        }
    }
}
