package io.jvswitch.wire;

import io.jvswitch.wire.header.EtherType;

/**
 * What is known of a {@link Frame} beside its bytes: what the port of arrival knows (port, tunnel addresses, virtio-net
 * offload fields), what extraction found (layer offsets), and where a tunnelled datagram goes.
 *
 * <p>Owned by one thread, as the frame is.
 */
public abstract sealed class FrameDescription permits Frame {

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
    private int outerHops;
    private int groupPolicy;

    private int gsoType;
    private int gsoSizeBytes;
    private int gsoHeaderBytes;
    private int checksumState;
    private int checksumStart;
    private int checksumOffset;

    FrameDescription() {}

    final void clearDescription() {
        inPort = 0;
        packetType = ETHERNET;
        l3At = 0;
        l4At = 0;
        flowHash = 0;
        dpHash = 0;
        recirculationId = 0;
        recirculations = 0;
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
        outerHops = 0;
        groupPolicy = 0;
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
     * Copies every descriptive field of another frame; bytes and place stay. Offsets in the segment (layers, checksum
     * start) are copied unchanged: they are right if both frames' headers are at the same offset.
     */
    public void describeAs(FrameDescription other) {
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
        outerHops = other.outerHops;
        groupPolicy = other.groupPolicy;
        gsoType = other.gsoType;
        gsoSizeBytes = other.gsoSizeBytes;
        gsoHeaderBytes = other.gsoHeaderBytes;
        checksumState = other.checksumState;
        checksumStart = other.checksumStart;
        checksumOffset = other.checksumOffset;
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

    /**
     * Time to live or hop limit of the outer header of a datagram that a socket of the underlay received, 0 to 255; 0
     * where nobody said. Of a train or a superframe the first one's.
     */
    public int outerHops() {
        return outerHops;
    }

    public void setOuterHops(int hops) {
        outerHops = hops;
    }

    /**
     * Group policy id, 16 bits, of a VXLAN header with the group policy extension; 0 without it
     * (draft-smith-vxlan-group-policy-05, section 2.1).
     */
    public int groupPolicyId() {
        return groupPolicy & 0xffff;
    }

    /** The extension's flags, 8 bits: what stands before the id. */
    public int groupPolicyFlags() {
        return groupPolicy >>> 16;
    }

    /**
     * Sets the group policy.
     *
     * @param flags 8 bits
     * @param id 16 bits
     */
    public void setGroupPolicy(int flags, int id) {
        groupPolicy = flags << 16 | id;
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
