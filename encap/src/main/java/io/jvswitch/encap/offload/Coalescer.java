package io.jvswitch.encap.offload;

import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.Geneve;
import io.jvswitch.encap.Gre;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Merges the TCP segments of a burst into superframes, by the rules of the kernel's GRO, so that later stages handle 64
 * KB once instead of 45 frames.
 *
 * <p>A segment joins the superframe of its flow when it continues the sequence and agrees with it in everything that a
 * superframe can say only once: Ethernet header and tags, tunnel, addresses, ports, DSCP, ECN, TTL, DF, flow label,
 * acknowledgment, window, flags, options (timestamps among them); the IPv4 identification counts up by one, or stays
 * the same under DF. It may not be longer than the first; a shorter one ends the superframe, and so do PSH and FIN.
 * Anything else of the flow (SYN, RST, URG, pure acknowledgments, IP options, a gap) also ends it and passes unchanged.
 * The order within a flow is kept.
 *
 * <p>Both checksums of every segment are verified before it joins; a segment with a wrong one passes by itself,
 * unchanged. The superframe has a partial checksum and the GSO fields set, and {@link Segmenter} cuts it into the same
 * segments again (except that identifications under DF count up).
 *
 * <p>Nothing waits: {@link #flush} at the end of a burst finishes everything. Until then superframes are unfinished,
 * and nobody else may touch them. At most {@value #FLOWS} superframes grow at a time; one more flow ends another's,
 * round robin. Single-threaded: one per worker. Allocates nothing after construction.
 */
public final class Coalescer {

    /** How many superframes can grow at a time. */
    public static final int FLOWS = 64;
    /** Largest IP packet: the kernel's legacy limit, which every device accepts. */
    public static final int MAX_PACKET_BYTES = 65_535;

    /** Is told of datagrams of a train that did not become a frame. */
    public interface Losses {
        /**
         * One datagram was lost.
         *
         * @param datagram the datagram, with its tunnel header except for {@link DropReason#TUNNEL_CE_NOT_ECT}; or the
         *     train that it was in, for {@link DropReason#NO_BUFFER}. Port and addresses are set
         */
        void lost(Frame datagram, DropReason reason);
    }

    /** A superframe that is growing, or the first segment of one. */
    private static final class Flow {
        final TcpSegment first = new TcpSegment();
        /** Made from the first segment; only for trains. */
        final HeaderTemplate template = new HeaderTemplate();

        boolean templated;

        @Nullable
        Frame frame;

        int segments;
        int sizeBytes;
        int nextSequence;
        boolean open;
        boolean firstVerified;
        boolean fixedId;
    }

    private final Flow[] flows = new Flow[FLOWS];
    /** Hash of each flow's addresses and ports, in one array that is searched for every segment. */
    private final int[] hashes = new int[FLOWS];

    private final TcpSegment candidate = new TcpSegment();
    private int active;
    /** The flow whose superframe is ended next to make room. */
    private int next;
    /** While a train is taken apart: the flow of the previous datagram, which most datagrams continue. */
    private @Nullable Flow last;

    /** A coalescer without flows. */
    public Coalescer() {
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new Flow();
        }
    }

    /** Datagrams in a frame that a UDP socket received: 1 unless it is a train. */
    public static int datagrams(Frame frame) {
        int sizeBytes = frame.gsoSizeBytes();
        return sizeBytes < 1 ? 1 : Math.max(1, (frame.length() + sizeBytes - 1) / sizeBytes);
    }

    /**
     * Takes over an Ethernet frame: it is appended to {@code into}, or its payload joins a frame in it and its buffer
     * returns to the pool.
     *
     * @param frame tunnel header popped, tunnel fields set; layers need not be
     * @param into must have room for one frame
     */
    public void add(Frame frame, FramePool pool, FrameBatch into) {
        boolean ordinary = frame.gsoType() == Frame.GSO_NONE && frame.checksumState() != Frame.CSUM_PARTIAL;
        if (joins(frame, ordinary, frame.checksumState() == Frame.CSUM_VALID)) {
            pool.release(frame);
        } else {
            into.add(frame);
        }
    }

    /**
     * Takes over a train of equal-sized datagrams, as {@code UDP_GRO} delivers it: pops the tunnel header of each and
     * appends frames to {@code into}. The first frame stays in the train's own buffer, and payload that joins it is
     * moved up there.
     *
     * @param train first byte is the first datagram's tunnel header; {@link Frame#gsoSizeBytes()} is the datagrams'
     *     size
     * @param kind a tunnel over UDP
     * @param into needs room for one frame; for further frames that find no room or no buffer, {@link
     *     DropReason#NO_BUFFER} is reported
     * @param losses is told of every datagram that did not become a frame
     * @return datagrams in the train
     */
    public int addTrain(Frame train, TunnelKind kind, FramePool pool, FrameBatch into, Losses losses) {
        int sizeBytes = train.gsoSizeBytes() < 1 ? Math.max(1, train.length()) : train.gsoSizeBytes();
        int at = train.start();
        int end = train.end();
        int datagrams = datagrams(train);
        train.clearOffload();
        last = null;
        boolean kept = false;
        int headerAt = -1;
        int headerBytes = 0;
        for (int i = 0; i < datagrams; i++) {
            int bytes = Math.min(sizeBytes, end - at);
            if (headerAt >= 0 && joinFromTrain(train, headerAt, headerBytes, at, bytes)) {
                at += bytes;
                continue;
            }
            if (kept) {
                addCopy(train, at, bytes, kind, pool, into, losses);
            } else {
                train.place(at, bytes);
                DropReason malformed = into.isFull() ? DropReason.NO_BUFFER : pop(kind, train);
                if (malformed == null) {
                    headerAt = at;
                    headerBytes = train.start() - at;
                    kept = !joins(train, true, false);
                    if (kept) {
                        into.add(train);
                    }
                } else {
                    losses.lost(train, malformed);
                }
            }
            at += bytes;
        }
        if (!kept) {
            pool.release(train);
        }
        return datagrams;
    }

    /**
     * The end of a burst: finishes all superframes. The frames that were appended now belong to the caller entirely.
     */
    public void flush() {
        for (int i = 0; i < active; i++) {
            end(flows[i]);
        }
        active = 0;
        next = 0;
        last = null;
        candidate.clear();
    }

    /**
     * Strips the tunnel header, and applies the outer header's congestion mark; null, or why the frame is to be
     * dropped.
     */
    private static @Nullable DropReason pop(TunnelKind kind, Frame frame) {
        DropReason malformed = switch (kind) {
            case VXLAN -> Vxlan.pop(frame);
            case GRE -> Gre.pop(frame);
            case GENEVE -> Geneve.pop(frame);
        };
        return malformed == null ? Ecn.decapsulate(frame) : malformed;
    }

    /** The fast path for later datagrams: the same tunnel header as the first, and a segment that continues a flow. */
    private boolean joinFromTrain(Frame train, int headerAt, int headerBytes, int at, int bytes) {
        MemorySegment seg = train.segment();
        if (bytes < headerBytes + EthernetHeader.BYTES) {
            return false;
        }
        for (int i = 0; i < headerBytes; i += 4) {
            if (NetworkOrder.getInt(seg, (long) headerAt + i) != NetworkOrder.getInt(seg, (long) at + i)) {
                return false;
            }
        }
        int innerAt = at + headerBytes;
        int innerBytes = bytes - headerBytes;
        int outer = train.outerTrafficClass();
        if (Ecn.changesInner(outer) && Ecn.decapsulate(seg, innerAt, innerBytes, outer) != null) {
            return false;
        }
        return continuesFlow(train, innerAt, innerBytes)
                || candidate.parse(seg, innerAt, innerBytes) && join(train, true, false);
    }

    /** Whether it is the usual next segment of the previous datagram's flow, which joins after few comparisons. */
    private boolean continuesFlow(Frame train, int at, int bytes) {
        Flow flow = last;
        Frame frame = flow == null ? null : flow.frame;
        if (flow == null || frame == null) {
            return false;
        }
        if (!flow.templated) {
            flow.template.set(flow.first);
            flow.templated = true;
        }
        if (!candidate.parseLike(flow.first, flow.template, train.segment(), at, bytes)
                || !sameTunnel(frame, train)
                || !fits(flow, frame)
                || !candidate.followsId(flow.first, flow.segments, flow.fixedId)
                || !verified(flow, false)) {
            return false;
        }
        merge(flow, frame);
        return true;
    }

    private void addCopy(
            Frame train, int at, int bytes, TunnelKind kind, FramePool pool, FrameBatch into, Losses losses) {
        Frame copy = into.isFull() ? null : pool.take();
        if (copy == null || !copy.resize(bytes)) {
            if (copy != null) {
                pool.release(copy);
            }
            losses.lost(train, DropReason.NO_BUFFER);
            return;
        }
        MemorySegment.copy(train.segment(), at, copy.segment(), copy.start(), bytes);
        copy.describeAs(train);
        copy.clearOffload();
        copy.setLayers(0, 0);
        DropReason malformed = pop(kind, copy);
        if (malformed == null) {
            add(copy, pool, into);
        } else {
            losses.lost(copy, malformed);
            pool.release(copy);
        }
    }

    /** Whether the frame's payload joined a superframe; if not, the frame may be the first segment of one. */
    private boolean joins(Frame frame, boolean ordinary, boolean trusted) {
        if (!candidate.parse(frame.segment(), frame.start(), frame.length())) {
            return false;
        }
        if (join(frame, ordinary, trusted)) {
            return true;
        }
        begin(frame, ordinary, trusted);
        return false;
    }

    /**
     * Lets the candidate join its flow's superframe; one that cannot ends it.
     *
     * @param origin has the candidate's port and tunnel fields
     */
    private boolean join(Frame origin, boolean ordinary, boolean trusted) {
        int hash = candidate.hash();
        for (int i = 0; i < active; i++) {
            if (hashes[i] != hash) {
                continue;
            }
            Flow flow = flows[i];
            Frame frame = flow.frame;
            if (frame != null && flow.first.sameFlow(candidate) && sameTunnel(frame, origin)) {
                if (ordinary && continues(flow, frame) && verified(flow, trusted)) {
                    merge(flow, frame);
                    last = flow;
                    return true;
                }
                end(flow);
                return false;
            }
        }
        return false;
    }

    private static boolean sameTunnel(Frame frame, Frame origin) {
        return frame == origin
                || frame.tunnelId() == origin.tunnelId()
                        && frame.tunnelFlags() == origin.tunnelFlags()
                        && frame.groupPolicyId() == origin.groupPolicyId()
                        && frame.groupPolicyFlags() == origin.groupPolicyFlags()
                        && frame.inPort() == origin.inPort()
                        && frame.remoteHi() == origin.remoteHi()
                        && frame.remoteLo() == origin.remoteLo()
                        && frame.localHi() == origin.localHi()
                        && frame.localLo() == origin.localLo();
    }

    private boolean continues(Flow flow, Frame frame) {
        if (!candidate.isPlain() || !fits(flow, frame)) {
            return false;
        }
        if (flow.segments == 1 && candidate.repeatsId(flow.first)) {
            flow.fixedId = true;
        }
        return candidate.mayFollow(flow.first, flow.segments, flow.fixedId);
    }

    /** Whether the candidate has the next sequence number, and there is room for its payload. */
    private boolean fits(Flow flow, Frame frame) {
        int bytes = candidate.payloadBytes();
        return flow.open
                && flow.segments < Segmenter.MAX_SEGMENTS
                && candidate.sequence() == flow.nextSequence
                && bytes <= flow.sizeBytes
                && frame.end() - flow.first.l3At() + bytes <= MAX_PACKET_BYTES
                && bytes <= frame.tailroom();
    }

    private boolean verified(Flow flow, boolean trusted) {
        if (!flow.firstVerified) {
            if (!flow.first.checksumIsValid()) {
                return false;
            }
            flow.firstVerified = true;
        }
        return trusted || candidate.checksumIsValid();
    }

    private void merge(Flow flow, Frame frame) {
        int bytes = candidate.payloadBytes();
        int flags = candidate.flags() & (TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH);
        int end = frame.end();
        frame.resize(frame.length() + bytes);
        MemorySegment.copy(candidate.memory(), candidate.payloadAt(), frame.segment(), end, bytes);
        if (flags != 0) {
            TcpHeader.setFlags(frame.segment(), flow.first.l4At(), flow.first.flags() | flags);
        }
        flow.segments++;
        flow.nextSequence += bytes;
        flow.open = bytes == flow.sizeBytes && flags == 0;
    }

    /** Makes the candidate the first segment of a new superframe, if it may be one. */
    private void begin(Frame frame, boolean ordinary, boolean trusted) {
        boolean ends = (candidate.flags() & (TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH)) != 0;
        if (!ordinary || ends || !candidate.isPlain()) {
            return;
        }
        int place = free();
        hashes[place] = candidate.hash();
        Flow flow = flows[place];
        flow.first.set(candidate);
        flow.frame = frame;
        flow.segments = 1;
        flow.sizeBytes = candidate.payloadBytes();
        flow.nextSequence = candidate.sequence() + candidate.payloadBytes();
        flow.open = true;
        flow.firstVerified = trusted;
        flow.fixedId = false;
        flow.templated = false;
        last = flow;
    }

    private int free() {
        if (active < FLOWS) {
            return active++;
        }
        for (int i = 0; i < FLOWS; i++) {
            if (flows[i].frame == null) {
                return i;
            }
        }
        int place = next;
        next = (next + 1) % FLOWS;
        end(flows[place]);
        return place;
    }

    /** Finishes a superframe: lengths, checksums and offload fields. A single segment is left unchanged. */
    private static void end(Flow flow) {
        Frame frame = flow.frame;
        flow.frame = null;
        if (frame == null || flow.segments == 1) {
            flow.first.clear();
            return;
        }
        TcpSegment first = flow.first;
        MemorySegment seg = frame.segment();
        int l3At = first.l3At();
        int l4At = first.l4At();
        int packetBytes = frame.end() - l3At;
        int type;
        if (first.isIpv4()) {
            Ipv4Header.setTotalLength(seg, l3At, packetBytes);
            Ipv4Header.updateChecksum(seg, l3At);
            type = Frame.GSO_TCPV4;
        } else {
            Ipv6Header.setPayloadLength(seg, l3At, packetBytes - Ipv6Header.BYTES);
            type = Frame.GSO_TCPV6;
        }
        Checksum.setPartial(frame, l3At, IpProtocol.TCP, l4At, frame.end() - l4At);
        int ecn = (first.flags() & TcpHeader.FLAG_CWR) != 0 ? Frame.GSO_ECN : 0;
        frame.setGso(type | ecn, flow.sizeBytes, first.payloadAt() - frame.start());
        first.clear();
    }
}
