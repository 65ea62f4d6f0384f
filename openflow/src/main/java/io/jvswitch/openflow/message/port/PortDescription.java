package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireTypes;
import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A port (OpenFlow 1.5.1, section 7.2.1).
 *
 * @param number in 16 bits, as OpenFlow 1.0 has it
 * @param name at most 15 characters
 * @param config bits
 * @param state bits
 * @param ethernet what its link can; null where a switch does not tell, which it can from OpenFlow 1.4 on
 */
public record PortDescription(
        int number,
        MacAddress address,
        String name,
        long config,
        long state,
        @Nullable EthernetLink ethernet) {

    /** In requests: no port in particular. */
    public static final int ANY = 0xffff;

    private static final int MAX_NAME_BYTES = 16;

    public static final Layout<PortDescription> LAYOUT = Layout.of(
            PortDescription.class,
            f -> f.port("number")
                    .in("1.1-1.3", g -> g.pad(4))
                    .in("1.4+", g -> g.length().pad(2))
                    .field("address", WireTypes.MAC)
                    .in("1.1+", g -> g.pad(2))
                    .text("name", MAX_NAME_BYTES)
                    .u32("config")
                    .u32("state")
                    .in(
                            "1.0-1.3",
                            g -> g.instead("ethernet", EthernetLink.UNKNOWN).field("ethernet", EthernetLink.LAYOUT))
                    .in(
                            "1.4+",
                            g -> g.looseProperties(
                                    p -> p.value(0, "ethernet", WireTypes.padded(4, EthernetLink.LAYOUT)))));
}
