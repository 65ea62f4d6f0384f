package io.jvswitch.wire.testing;

import java.util.List;

/**
 * Frames that others wrote: what Linux, DHCP clients and Open vSwitch sent, as hexadecimal text that says how it was
 * captured.
 */
public final class Captures {

    private Captures() {}

    /**
     * The frames of a capture, in order.
     *
     * @param name file of the folder {@code captures} without its ending, {@code linux-tcp} for example
     */
    public static List<byte[]> frames(String name) {
        return Hex.frames(Captures.class, "captures/" + name + ".hex");
    }
}
