package io.jvswitch.wire;

import io.jvswitch.wire.header.EtherType;
import java.lang.foreign.MemorySegment;

/**
 * One Ethernet frame (or, between tunnel and socket, one datagram) in pooled memory, with headroom for outer headers.
 *
 * <pre>
 *  0            start()                    end()      segment().byteSize()
 *  |  headroom    |   length() bytes         |   tailroom    |
 *                 ^ first byte of the frame
 * </pre>
 *
 * <p>The segment is exactly this frame's buffer: a wrong offset may fail, but never reaches another frame. All offsets
 * that this class stores are offsets in the segment, so pushing and popping outer headers leaves them valid.
 *
 * <p>The descriptive fields travel with the bytes: what the port of arrival knows (port, tunnel addresses, virtio-net
 * offload fields), what extraction found (layer offsets), and where a tunnelled datagram goes. {@link FramePool#take()}
 * hands out frames with every such field cleared.
 *
 * <p>Owned by one worker, hence by one thread, from {@link FramePool#take()} to {@link FramePool#release(Frame)}.
 */
public final class Frame {

    /**
     * Bytes kept free before a received frame: outer Ethernet with two tags (22), IPv6 (40), UDP (8), Geneve with
     * options (8 + 64), inner tags to push (8) and the 24-byte virtio-net header come to 174; rounded up to cache
     * lines.
     */
    public static final int HEADROOM_BYTES = 192;

    /** {@link #packetType()}: the frame begins with an Ethernet header. */
    public static final int ETHERNET = 0;

    /** {@link #gsoType()}: an ordinary frame ({@code VIRTIO_NET_HDR_GSO_NONE}). */
    public static final int GSO_NONE = 0;
    /** {@link #gsoType()}: TCP over IPv4 to be segmented ({@code VIRTIO_NET_HDR_GSO_TCPV4}). */
    public static final int GSO_TCPV4 = 1;
    /** {@link #gsoType()}: TCP over IPv6 to be segmented ({@code VIRTIO_NET_HDR_GSO_TCPV6}). */
    public static final int GSO_TCPV6 = 4;
    /** {@link #gsoType()}: UDP to be segmented ({@code VIRTIO_NET_HDR_GSO_UDP_L4}). */
    public static final int GSO_UDP_L4 = 5;
    /**
     * {@link #gsoType()}, of a datagram that still has its tunnel header: a superframe inside, whose kind its inner
     * headers tell. No device knows this value.
     */
    public static final int GSO_INNER = 0x100;
    /** Or'ed into {@link #gsoType()}: the TCP header carries ECN ({@code VIRTIO_NET_HDR_GSO_ECN}). */
    public static final int GSO_ECN = 0x80;

    /** {@link #checksumState()}: nothing known, the receiver verifies. */
    public static final int CSUM_UNKNOWN = 0;
    /** {@link #checksumState()}: the transport checksum holds the pseudo-header sum only, from checksumStart on. */
    public static final int CSUM_PARTIAL = 1;
    /** {@link #checksumState()}: somebody we trust verified it ({@code VIRTIO_NET_HDR_F_DATA_VALID}). */
    public static final int CSUM_VALID = 2;

    private final MemorySegment segment;
    private final long address;
    private final int capacity;
    /** Whether the frame is in its pool; the pool's guard against a double release. */
    boolean pooled;

    private int start;
    private int length;

    private int inPort;
    private int packetType;
    private int l3At;
    private int l4At;
    private int flowHash;
    private int dpHash;
    private int recirculationId;
    private int recirculations;

    private long tunnelId;
    private int tunnelFlags;
    private long remoteHi;
    private long remoteLo;
    private long localHi;
    private long localLo;
    private int remotePort;
    private int outerTrafficClass;

    private int excessAt;
    private int excessBytes;

    private int gsoType;
    private int gsoSizeBytes;
    private int gsoHeaderBytes;
    private int checksumState;
    private int checksumStart;
    private int checksumOffset;

    /**
     * A frame with this buffer, which is its own.
     *
     * @param segment the frame's memory; native memory if the frame meets a device
     */
    public Frame(MemorySegment segment) {
        this.segment = segment;
        this.address = segment.isNative() ? segment.address() : 0;
        this.capacity = Math.toIntExact(segment.byteSize());
        clear();
    }

    /** The whole buffer, headroom included. */
    public MemorySegment segment() {
        return segment;
    }

    /** The native address of the segment's byte 0, or 0 for a heap segment. */
    public long address() {
        return address;
    }

    /** Size of the whole buffer in bytes. */
    public int capacity() {
        return capacity;
    }

    /** Offset of the first byte. */
    public int start() {
        return start;
    }

    /** Bytes in the frame. */
    public int length() {
        return length;
    }

    /** Offset just after the last byte. */
    public int end() {
        return start + length;
    }

    /** Free bytes before the frame. */
    public int headroom() {
        return start;
    }

    /** Free bytes after the frame. */
    public int tailroom() {
        return capacity - start - length;
    }

    /** Makes the frame empty again, with the standard headroom and every descriptive field cleared. */
    public void clear() {
        start = Math.min(HEADROOM_BYTES, capacity);
        length = 0;
        clearMetadata();
    }

    private void clearMetadata() {
        inPort = 0;
        packetType = ETHERNET;
        l3At = 0;
        l4At = 0;
        flowHash = 0;
        dpHash = 0;
        recirculationId = 0;
        recirculations = 0;
        excessBytes = 0;
        clearTunnel();
        clearOffload();
    }

    /** Clears the tunnel fields: a frame for a local port no longer belongs to a tunnel. */
    public void clearTunnel() {
        tunnelId = 0;
        tunnelFlags = 0;
        remoteHi = 0;
        remoteLo = 0;
        localHi = 0;
        localLo = 0;
        remotePort = 0;
        outerTrafficClass = 0;
    }

    /** Clears the offload fields: an ordinary frame with its checksums in place. */
    public void clearOffload() {
        gsoType = GSO_NONE;
        gsoSizeBytes = 0;
        gsoHeaderBytes = 0;
        checksumState = CSUM_UNKNOWN;
        checksumStart = 0;
        checksumOffset = 0;
    }

    /**
     * Sets where the frame is in the buffer.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the buffer
     */
    public void place(int newStart, int newLength) {
        java.util.Objects.checkFromIndexSize(newStart, newLength, capacity);
        start = newStart;
        length = newLength;
    }

    /**
     * Grows the frame at its front; the new bytes hold whatever was there.
     *
     * @return whether there was enough headroom; if not, the frame is unchanged
     */
    public boolean push(int bytes) {
        if (bytes < 0 || bytes > start) {
            return false;
        }
        start -= bytes;
        length += bytes;
        return true;
    }

    /**
     * Shrinks the frame at its front.
     *
     * @return whether the frame had that many bytes; if not, it is unchanged
     */
    public boolean pop(int bytes) {
        if (bytes < 0 || bytes > length) {
            return false;
        }
        start += bytes;
        length -= bytes;
        return true;
    }

    /**
     * Sets the length, cutting or growing the frame at its end.
     *
     * @return whether the buffer has room; if not, the frame is unchanged
     */
    public boolean resize(int newLength) {
        if (newLength < 0 || newLength > capacity - start) {
            return false;
        }
        length = newLength;
        return true;
    }

    /**
     * Becomes a copy of another frame: bytes at the same offset, and every descriptive field.
     *
     * @return whether this buffer is large enough; if not, the frame is unchanged
     */
    public boolean copyFrom(Frame other) {
        if (other.end() > capacity) {
            return false;
        }
        start = other.start;
        length = other.length;
        MemorySegment.copy(other.segment, other.start, segment, start, length);
        describeAs(other);
        return true;
    }

    /**
     * Copies every descriptive field of another frame; bytes and place stay. Offsets in the segment (layers, checksum
     * start) are copied unchanged: they are right if both frames' headers are at the same offset.
     */
    public void describeAs(Frame other) {
        inPort = other.inPort;
        packetType = other.packetType;
        l3At = other.l3At;
        l4At = other.l4At;
        flowHash = other.flowHash;
        dpHash = other.dpHash;
        recirculationId = other.recirculationId;
        recirculations = other.recirculations;
        tunnelId = other.tunnelId;
        tunnelFlags = other.tunnelFlags;
        remoteHi = other.remoteHi;
        remoteLo = other.remoteLo;
        localHi = other.localHi;
        localLo = other.localLo;
        remotePort = other.remotePort;
        outerTrafficClass = other.outerTrafficClass;
        gsoType = other.gsoType;
        gsoSizeBytes = other.gsoSizeBytes;
        gsoHeaderBytes = other.gsoHeaderBytes;
        checksumState = other.checksumState;
        checksumStart = other.checksumStart;
        checksumOffset = other.checksumOffset;
    }

    /**
     * Sets where the rest of a frame is that is longer than its buffer. Valid until the end of its burst only: the
     * frame must be cut before anything else is done with it.
     *
     * @param at offset in the pool's {@link FramePool#spill()}
     * @param bytes how many bytes there are beyond those in the buffer
     */
    public void setExcess(int at, int bytes) {
        excessAt = at;
        excessBytes = bytes;
    }

    /**
     * Where the rest of the frame is in {@link FramePool#spill()}; meaningless while {@link #excessBytes()} is 0.
     */
    public int excessAt() {
        return excessAt;
    }

    /**
     * Bytes of the frame beyond those in its buffer; 0 except for a frame that was just received and has not been cut
     * yet.
     */
    public int excessBytes() {
        return excessBytes;
    }

    /** The switch-wide number of the port on which the frame arrived; 0 when not yet known. */
    public int inPort() {
        return inPort;
    }

    public void setInPort(int port) {
        inPort = port;
    }

    /**
     * What the frame begins with: {@link #ETHERNET}, as everything does that a port receives or sends, or the {@link
     * EtherType} of a packet whose Ethernet header was taken away.
     */
    public int packetType() {
        return packetType;
    }

    public void setPacketType(int type) {
        packetType = type;
    }

    /** Offset of the network header (IPv4, IPv6, ARP), or 0 when extraction found none. */
    public int l3At() {
        return l3At;
    }

    /** Offset of the transport header, or 0 when there is none (another protocol, a later fragment). */
    public int l4At() {
        return l4At;
    }

    public void setLayers(int newL3At, int newL4At) {
        l3At = newL3At;
        l4At = newL4At;
    }

    /** Symmetric hash of the inner flow; picks the tunnel's UDP source port, so that a flow stays on one path. */
    public int flowHash() {
        return flowHash;
    }

    public void setFlowHash(int hash) {
        flowHash = hash;
    }

    /** Hash of addresses, protocol and ports that an action computed, to choose among ways by; 0 when none did. */
    public int dpHash() {
        return dpHash;
    }

    public void setDpHash(int hash) {
        dpHash = hash;
    }

    /**
     * What the frame has come back to translation for, as the worker numbers it; 0 for one that is fresh from its port.
     */
    public int recirculationId() {
        return recirculationId;
    }

    /** How often the frame has come back to translation. */
    public int recirculations() {
        return recirculations;
    }

    /** The frame comes back to translation once more. */
    public void recirculate(int id) {
        recirculationId = id;
        recirculations++;
    }

    /** The tunnel's key: VXLAN VNI (24 bits) or GRE key (32 bits), 0 without one. */
    public long tunnelId() {
        return tunnelId;
    }

    /**
     * Tunnel flags of the flow key; 0 for a frame that did not come through a tunnel. The bits are defined by the
     * tunnel code.
     */
    public int tunnelFlags() {
        return tunnelFlags;
    }

    public void setTunnel(long id, int flags) {
        tunnelId = id;
        tunnelFlags = flags;
    }

    /**
     * High half of the remote VTEP's address (IPv4 as {@code ::ffff:a.b.c.d}): the outer source on receipt, destination
     * on sending.
     */
    public long remoteHi() {
        return remoteHi;
    }

    /** Low half of the remote VTEP's address. */
    public long remoteLo() {
        return remoteLo;
    }

    /** The remote's UDP port, 0 where the tunnel has none. */
    public int remotePort() {
        return remotePort;
    }

    public void setRemote(long hi, long lo, int port) {
        remoteHi = hi;
        remoteLo = lo;
        remotePort = port;
    }

    /**
     * DSCP and ECN of the outer header, 0 to 255: the IPv4 type of service or IPv6 traffic class of the datagram that a
     * socket of the underlay received, or is to send. The same for all datagrams of a train.
     */
    public int outerTrafficClass() {
        return outerTrafficClass;
    }

    public void setOuterTrafficClass(int trafficClass) {
        outerTrafficClass = trafficClass;
    }

    /** High half of our own outer address: the outer destination on receipt. */
    public long localHi() {
        return localHi;
    }

    /** Low half of our own outer address. */
    public long localLo() {
        return localLo;
    }

    public void setLocal(long hi, long lo) {
        localHi = hi;
        localLo = lo;
    }

    /**
     * One of the {@code GSO_} constants, as in {@code struct virtio_net_hdr}. On a UDP socket: GSO_UDP_L4 means
     * equal-sized datagrams.
     */
    public int gsoType() {
        return gsoType;
    }

    /** Payload bytes of each segment of a superframe; 0 for an ordinary frame. */
    public int gsoSizeBytes() {
        return gsoSizeBytes;
    }

    /**
     * Length of the headers that every segment repeats, counted from the frame's first byte; a hint ({@code hdr_len}).
     */
    public int gsoHeaderBytes() {
        return gsoHeaderBytes;
    }

    public void setGso(int type, int sizeBytes, int headerBytes) {
        gsoType = type;
        gsoSizeBytes = sizeBytes;
        gsoHeaderBytes = headerBytes;
    }

    /** One of the {@code CSUM_} constants. */
    public int checksumState() {
        return checksumState;
    }

    /** {@link #CSUM_PARTIAL}: where summing begins, as an offset in the segment. */
    public int checksumStart() {
        return checksumStart;
    }

    /** {@link #CSUM_PARTIAL}: where the sum goes, counted from {@link #checksumStart()}. */
    public int checksumOffset() {
        return checksumOffset;
    }

    public void setChecksum(int state, int startAt, int offsetBytes) {
        checksumState = state;
        checksumStart = startAt;
        checksumOffset = offsetBytes;
    }
}
