package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.VirtioNetHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Converts between a frame's offload fields and the {@link VirtioNetHeader} directly before its first byte.
 *
 * <p>Nothing is trusted: a header or fields that contradict the frame are refused, in both directions. A frame has no
 * fields for superframes inside UDP tunnels, so these are refused as well. Stateless.
 */
final class OffloadHeader {

    private static final int CHECKSUM_BYTES = 2;

    private OffloadHeader() {}

    /**
     * Sets the frame's offload fields from the header.
     *
     * @param bytes the header's size, at most the frame's headroom
     * @return why the header is refused, or null
     */
    static @Nullable DropReason read(Frame frame, int bytes) {
        MemorySegment segment = frame.segment();
        int at = frame.start() - bytes;
        int flags = VirtioNetHeader.flags(segment, at);
        int type = VirtioNetHeader.gsoType(segment, at);
        if ((flags & VirtioNetHeader.FLAG_NEEDS_CSUM) != 0) {
            int start = VirtioNetHeader.checksumStart(segment, at);
            int offset = VirtioNetHeader.checksumOffset(segment, at);
            if (start + offset + CHECKSUM_BYTES > frame.length()) {
                return DropReason.OFFLOAD_INVALID;
            }
            frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + start, offset);
        } else if ((flags & VirtioNetHeader.FLAG_DATA_VALID) != 0) {
            frame.setChecksum(Frame.CSUM_VALID, 0, 0);
        }
        if (type != Frame.GSO_NONE) {
            int size = VirtioNetHeader.gsoSizeBytes(segment, at);
            int headerBytes = VirtioNetHeader.headerBytes(segment, at);
            // Packets that the kernel merged as a list (rx-gro-list) still have the first one's checksum: verified, not
            // partial.
            boolean unchecked = frame.checksumState() == Frame.CSUM_UNKNOWN;
            if (!isKnown(type) || size == 0 || headerBytes > frame.length() || unchecked) {
                return DropReason.OFFLOAD_INVALID;
            }
            frame.setGso(type, size, headerBytes);
        }
        return null;
    }

    /**
     * Writes the header from the frame's offload fields.
     *
     * @param bytes the header's size
     * @return why it cannot be written, or null
     */
    static @Nullable DropReason write(Frame frame, int bytes) {
        if (frame.headroom() < bytes) {
            return DropReason.HEADROOM;
        }
        boolean partial = frame.checksumState() == Frame.CSUM_PARTIAL;
        int checksumStart = frame.checksumStart() - frame.start();
        int checksumEnd = checksumStart + frame.checksumOffset() + CHECKSUM_BYTES;
        int type = frame.gsoType();
        boolean superframe = type != Frame.GSO_NONE;
        if (partial && (checksumStart < 0 || checksumEnd > frame.length())
                || superframe && (!partial || !isKnown(type) || frame.gsoSizeBytes() == 0)) {
            return DropReason.OFFLOAD_INVALID;
        }
        MemorySegment segment = frame.segment();
        int at = frame.start() - bytes;
        VirtioNetHeader.clear(segment, at, bytes);
        if (partial) {
            VirtioNetHeader.setFlags(segment, at, VirtioNetHeader.FLAG_NEEDS_CSUM);
            VirtioNetHeader.setChecksum(segment, at, checksumStart, frame.checksumOffset());
        } else if (frame.checksumState() == Frame.CSUM_VALID) {
            VirtioNetHeader.setFlags(segment, at, VirtioNetHeader.FLAG_DATA_VALID);
        }
        if (superframe) {
            VirtioNetHeader.setGso(segment, at, type, frame.gsoSizeBytes(), frame.gsoHeaderBytes());
        }
        return null;
    }

    private static boolean isKnown(int type) {
        int segmentation = type & ~Frame.GSO_ECN;
        return segmentation == Frame.GSO_TCPV4 || segmentation == Frame.GSO_TCPV6 || type == Frame.GSO_UDP_L4;
    }
}
