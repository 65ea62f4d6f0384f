package io.jvswitch.openflow.message.meter;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** Adds, changes or deletes a meter (OpenFlow 1.5.1, section 7.3.4.5). */
public record MeterMod(Command command, int flags, long meter, List<MeterBand> bands) implements Message {

    /** Rates are kbit/s. */
    public static final int KBPS = 1;
    /** Rates are packets a second. */
    public static final int PACKETS = 1 << 1;
    /** Bursts are given. */
    public static final int BURST = 1 << 2;
    /** The meter counts. */
    public static final int STATS = 1 << 3;

    /** The meter of what goes to the controller because it is too slow to forward. */
    public static final long SLOW_PATH = 0xffff_fffdL;
    /** The meter of what goes to the controller. */
    public static final long CONTROLLER = 0xffff_fffeL;
    /** All meters. */
    public static final long ALL = 0xffff_ffffL;

    /** What to do. */
    public enum Command {
        ADD,
        MODIFY,
        DELETE;

        private static final WireType<Command> TYPE =
                WireTypes.ordinal(WireTypes.U16, Command.class, OpenFlowError.OFPMMFC_BAD_COMMAND);
    }

    public static final MessageForms<MeterMod> FORMS = MessageForms.<MeterMod>named("METER_MOD")
            .form(
                    Family.OFPT,
                    "1.3+",
                    29,
                    Layout.of(
                            MeterMod.class,
                            f -> f.field("command", Command.TYPE)
                                    .u16("flags")
                                    .u32("meter")
                                    .list("bands", MeterBand.LAYOUT)));

    @Override
    public MessageType type() {
        return MessageType.METER_MOD;
    }
}
