package io.jvswitch.encap;

import java.util.Locale;

/** The kinds of tunnel, with what each adds to an inner frame. */
public enum TunnelKind {
    /** VXLAN (RFC 7348): UDP, an 8-byte header, a 24-bit VNI. */
    VXLAN(TunnelFlags.VXLAN),
    /**
     * GRE with Ethernet inside (RFC 2784, RFC 2890, protocol 0x6558): IP protocol 47, 4 to 16 bytes, an optional 32-bit
     * key.
     */
    GRE(TunnelFlags.GRE),
    /** Geneve (RFC 8926): UDP, an 8-byte header and options, a 24-bit VNI. */
    GENEVE(TunnelFlags.GENEVE);

    private final int flagsValue;

    TunnelKind(int flagsValue) {
        this.flagsValue = flagsValue;
    }

    /** The name that the configuration, commands and metrics use: {@code vxlan}, {@code gre}, {@code geneve}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind's value in {@link TunnelFlags#KIND_MASK}. */
    public int flagsValue() {
        return flagsValue;
    }
}
