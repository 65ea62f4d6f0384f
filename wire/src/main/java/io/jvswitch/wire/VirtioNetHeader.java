package io.jvswitch.wire;

import java.lang.foreign.MemorySegment;

/**
 * virtio-net header (VIRTIO 1.2, section 5.1.6; {@code linux/virtio_net.h}) before each frame of a TAP or vhost-user
 * queue, little-endian: 10 bytes (legacy), 12 with the number of buffers, 24 with hash and UDP tunnel offsets (Linux
 * 6.17, {@code struct virtio_net_hdr_v1_hash_tunnel}).
 *
 * <pre>
 *  0       1       2               4               6               8              10              12
 * +-------+-------+---------------+---------------+---------------+---------------+---------------+
 * | flags |gsotype|    hdr_len    |   gso_size    |  csum_start   |  csum_offset  |  num_buffers  |
 * +-------+-------+---------------+---------------+---------------+---------------+---------------+
 * |          hash_value           |  hash_report  |    padding    |outer_th_offset|inner_nh_offset|
 * +-------------------------------+---------------+---------------+---------------+---------------+
 *  12                              16              18              20              22             24
 * </pre>
 *
 * <p>{@code csum_start}, {@code hdr_len} and the two offsets count from the frame's first byte. A TAP uses the
 * machine's byte order unless told {@code TUNSETVNETLE}; both are little-endian on x86 and ARM. Unknown flags are
 * ignored.
 */
public final class VirtioNetHeader {

    /** Legacy header without {@code num_buffers}: what a TAP has unless {@code TUNSETVNETHDRSZ} says otherwise. */
    public static final int LEGACY_BYTES = 10;
    /** Header of VIRTIO 1.0, with {@code num_buffers}. */
    public static final int BYTES = 12;
    /** Header with UDP tunnel offsets. */
    public static final int TUNNEL_BYTES = 24;

    /** {@code VIRTIO_NET_HDR_F_NEEDS_CSUM}: the checksum is partial. */
    public static final int FLAG_NEEDS_CSUM = 0x01;
    /** {@code VIRTIO_NET_HDR_F_DATA_VALID}: the checksum was verified. */
    public static final int FLAG_DATA_VALID = 0x02;
    /** {@code VIRTIO_NET_HDR_F_UDP_TUNNEL_CSUM}: the outer UDP checksum of a superframe in a tunnel is wanted. */
    public static final int FLAG_UDP_TUNNEL_CSUM = 0x08;

    /** Or'ed into {@code gso_type}: a superframe inside UDP over IPv4. */
    public static final int GSO_UDP_TUNNEL_IPV4 = 0x20;
    /** Or'ed into {@code gso_type}: a superframe inside UDP over IPv6. */
    public static final int GSO_UDP_TUNNEL_IPV6 = 0x40;

    // Offsets of the fields, in bytes.
    private static final int FLAGS_OFFSET = 0;
    private static final int GSO_TYPE_OFFSET = 1;
    private static final int HDR_LEN_OFFSET = 2;
    private static final int GSO_SIZE_OFFSET = 4;
    private static final int CSUM_START_OFFSET = 6;
    private static final int CSUM_OFFSET_OFFSET = 8;
    private static final int NUM_BUFFERS_OFFSET = 10;
    /** Hash value, hash report and padding, 8 bytes. */
    private static final int HASH_OFFSET = 12;

    private static final int OUTER_TH_OFFSET_OFFSET = 20;
    private static final int INNER_NH_OFFSET_OFFSET = 22;

    private VirtioNetHeader() {}

    /** A mask of the {@code FLAG_} constants. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + FLAGS_OFFSET);
    }

    /**
     * One of the {@code GSO_} constants of {@link Frame}, with {@link Frame#GSO_ECN} and the tunnel bits of this class
     * or'ed in.
     */
    public static int gsoType(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + GSO_TYPE_OFFSET);
    }

    /** Headers that every segment repeats, in bytes: a hint that may be 0 or too small. */
    public static int headerBytes(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + HDR_LEN_OFFSET);
    }

    /** Payload bytes of each segment. */
    public static int gsoSizeBytes(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + GSO_SIZE_OFFSET);
    }

    /** Where summing begins, from the frame's first byte. */
    public static int checksumStart(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + CSUM_START_OFFSET);
    }

    /** Where the sum goes, from {@link #checksumStart}. */
    public static int checksumOffset(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + CSUM_OFFSET_OFFSET);
    }

    /** Buffers that hold the frame; only in 12 bytes and more. */
    public static int buffers(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + NUM_BUFFERS_OFFSET);
    }

    /** Outer transport header, from the frame's first byte; only in 24 bytes. */
    public static int outerTransportOffset(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + OUTER_TH_OFFSET_OFFSET);
    }

    /** Inner network header, from the frame's first byte; only in 24 bytes. */
    public static int innerNetworkOffset(MemorySegment seg, long at) {
        return NetworkOrder.getLe16(seg, at + INNER_NH_OFFSET_OFFSET);
    }

    /** Zeroes a header: an ordinary frame with its checksums in place. */
    public static void clear(MemorySegment seg, long at, int headerSize) {
        NetworkOrder.putLong(seg, at + FLAGS_OFFSET, 0);
        NetworkOrder.putU16(seg, at + CSUM_OFFSET_OFFSET, 0);
        if (headerSize > LEGACY_BYTES) {
            NetworkOrder.putU16(seg, at + NUM_BUFFERS_OFFSET, 0);
        }
        if (headerSize > BYTES) {
            NetworkOrder.putLong(seg, at + HASH_OFFSET, 0);
            NetworkOrder.putInt(seg, at + OUTER_TH_OFFSET_OFFSET, 0);
        }
    }

    public static void setFlags(MemorySegment seg, long at, int flags) {
        NetworkOrder.putU8(seg, at + FLAGS_OFFSET, flags);
    }

    /** Sets {@code gso_type}, {@code gso_size} and {@code hdr_len}. */
    public static void setGso(MemorySegment seg, long at, int type, int sizeBytes, int headerBytes) {
        NetworkOrder.putU8(seg, at + GSO_TYPE_OFFSET, type);
        NetworkOrder.putLe16(seg, at + HDR_LEN_OFFSET, headerBytes);
        NetworkOrder.putLe16(seg, at + GSO_SIZE_OFFSET, sizeBytes);
    }

    /** Sets {@code csum_start} and {@code csum_offset}. */
    public static void setChecksum(MemorySegment seg, long at, int start, int offset) {
        NetworkOrder.putLe16(seg, at + CSUM_START_OFFSET, start);
        NetworkOrder.putLe16(seg, at + CSUM_OFFSET_OFFSET, offset);
    }

    /** Sets {@code num_buffers}; only in 12 bytes and more. */
    public static void setBuffers(MemorySegment seg, long at, int buffers) {
        NetworkOrder.putLe16(seg, at + NUM_BUFFERS_OFFSET, buffers);
    }

    /** Sets {@code outer_th_offset} and {@code inner_nh_offset}; only in 24 bytes. */
    public static void setTunnelOffsets(MemorySegment seg, long at, int outerTransport, int innerNetwork) {
        NetworkOrder.putLe16(seg, at + OUTER_TH_OFFSET_OFFSET, outerTransport);
        NetworkOrder.putLe16(seg, at + INNER_NH_OFFSET_OFFSET, innerNetwork);
    }
}
