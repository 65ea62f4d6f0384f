package io.jvswitch.encap;

/**
 * The bits of a flow key's tunnel flags ({@link io.jvswitch.wire.Frame#tunnelFlags()}).
 *
 * <pre>
 *   4   3   2   1   0
 * +---+---+---+---+---+
 * | S | C | K | kind  |   kind: 0 no tunnel, 1 VXLAN, 2 GRE, 3 Geneve
 * +---+---+---+---+---+
 * </pre>
 *
 * <p>A GRE frame without a key and one with key 0 are different (RFC 2890, section 2.1): {@link #KEYED} tells them
 * apart. {@link #CHECKSUM} and {@link #SEQUENCE} say what the peer sent; forwarding does not depend on them, so a
 * megaflow's mask leaves them out.
 */
public final class TunnelFlags {

    /** The bits that hold the kind. */
    public static final int KIND_MASK = 0x3;
    /** Kind: VXLAN. */
    public static final int VXLAN = 1;
    /** Kind: GRE. */
    public static final int GRE = 2;
    /** Kind: Geneve. */
    public static final int GENEVE = 3;
    /** The tunnel header carried a key. Always set for VXLAN and Geneve. */
    public static final int KEYED = 1 << 2;
    /** GRE: the header carried a checksum, which was right. */
    public static final int CHECKSUM = 1 << 3;
    /** GRE: the header carried a sequence number, which is ignored: frames are not put back in order. */
    public static final int SEQUENCE = 1 << 4;
    /** The bits that, with the key, identify a tunnel's network: kind and key bit. */
    public static final int IDENTITY_MASK = KIND_MASK | KEYED;

    private TunnelFlags() {}

    /**
     * The kind that the flags name.
     *
     * @throws IllegalArgumentException for the flags of a frame that did not come through a tunnel
     */
    public static TunnelKind kind(int flags) {
        return switch (flags & KIND_MASK) {
            case VXLAN -> TunnelKind.VXLAN;
            case GRE -> TunnelKind.GRE;
            case GENEVE -> TunnelKind.GENEVE;
            default ->
                throw new IllegalArgumentException("tunnel flags 0x" + Integer.toHexString(flags)
                        + " name no tunnel: the frame did not come by one");
        };
    }

    /** The flags that name a kind, and nothing else. */
    public static int of(TunnelKind kind) {
        return switch (kind) {
            case VXLAN -> VXLAN;
            case GRE -> GRE;
            case GENEVE -> GENEVE;
        };
    }

    /** Whether the frame came by a tunnel. */
    public static boolean isTunnel(int flags) {
        return (flags & KIND_MASK) != 0;
    }
}
