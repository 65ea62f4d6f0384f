package io.jvswitch.encap.offload;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.TcpHeader;

/**
 * How large a guest's TCP superframes should be, in Linux's terms.
 *
 * <p>One UDP send takes 65,487 bytes ({@link Segmenter#MAX_TRAIN_BYTES}), tunnel and inner headers of each segment
 * included. Linux's TCP makes superframes of up to 65,535 bytes, headers counted once: at an MTU of 1450 they make 46
 * segments, and a train has room for 44. The remaining two need their own send, receive and write to the guest, as much
 * work as the other 44.
 */
public final class SuperframeSize {

    /** {@code gso_max_size} of a device unless it is configured: {@code GSO_LEGACY_MAX_SIZE}. */
    public static final int LINUX_DEFAULT_BYTES = 65_536;

    /** The timestamps of RFC 7323, which Linux sends in every segment, with padding. */
    private static final int TIMESTAMP_BYTES = 12;

    /**
     * What Linux subtracts for headers before it counts segments ({@code MAX_TCP_HEADER + 1}: 209 to 321 bytes,
     * depending on the kernel's configuration), and a margin. It is less than one segment, so it does not add one.
     */
    private static final int LINUX_HEADER_BYTES = 400;

    private SuperframeSize() {}

    /**
     * The {@code gso_max_size} with which a superframe of whole segments makes one train: exactly one with IPv4 and
     * timestamps; at most one without them, or with IPv6, whose segments carry less.
     *
     * @param kind a tunnel over UDP
     * @param mtuBytes the guest's MTU
     * @return at most {@link #LINUX_DEFAULT_BYTES}
     */
    public static int forOneTrain(TunnelKind kind, int mtuBytes) {
        int datagramBytes = EffectiveMtu.maxFrameBytes(mtuBytes) + EffectiveMtu.headerBytes(kind, false);
        int datagrams = Math.min(Segmenter.MAX_TRAIN_DATAGRAMS, Segmenter.MAX_TRAIN_BYTES / datagramBytes);
        int segmentBytes = mtuBytes - Ipv4Header.BYTES - TcpHeader.BYTES - TIMESTAMP_BYTES;
        int bytes = datagrams * segmentBytes + LINUX_HEADER_BYTES;
        return segmentBytes > LINUX_HEADER_BYTES ? Math.min(bytes, LINUX_DEFAULT_BYTES) : LINUX_DEFAULT_BYTES;
    }
}
