package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Changes how a port behaves (OpenFlow 1.5.1, section 7.3.4.3).
 *
 * @param address the port's, as a check
 * @param config the bits to set
 * @param mask which bits of {@code config} count
 * @param advertise what the link shall offer, or null for no change, which is written as 0 up to OpenFlow 1.3
 */
public record PortMod(
        int number,
        MacAddress address,
        long config,
        long mask,
        @Nullable Long advertise) implements Message {

    private static final Layout<PortMod> LAYOUT = Layout.of(
            PortMod.class,
            f -> f.port("number")
                    .in("1.1+", g -> g.pad(4))
                    .field("address", WireTypes.MAC)
                    .in("1.1+", g -> g.pad(2))
                    .u32("config")
                    .u32("mask")
                    .in(
                            "1.0-1.3",
                            g -> g.instead("advertise", 0L).u32("advertise").pad(4))
                    .in("1.4+", g -> g.properties(p -> p.value(0, "advertise", WireTypes.U32))));

    public static final MessageForms<PortMod> FORMS = MessageForms.<PortMod>named("PORT_MOD")
            .form(Family.OFPT, "1.0", 15, LAYOUT)
            .form(Family.OFPT, "1.1+", 16, LAYOUT);

    @Override
    public MessageType type() {
        return MessageType.PORT_MOD;
    }
}
