package io.jvswitch.vswitchd.plan;

import java.util.Locale;

/** What a port is made of. */
public enum PortKind {
    /** A TAP device that jvswitch creates and holds. */
    TAP,
    /** An existing network device: a TAP that QEMU opened, a veth, a NIC. */
    SYSTEM,
    /** A TAP that stays with the host, for the host's own address on a network. */
    INTERNAL;

    /** The word in configuration and output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
