package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.Geneve;
import io.jvswitch.encap.Gre;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.encap.mtu.ErrorRateLimiter;
import io.jvswitch.encap.mtu.TooBig;
import io.jvswitch.encap.offload.Ipv4Fragmenter;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * The way into a tunnel: compares a frame with what the path takes, finishes what a guest left to offloads, and puts
 * the outer header before it. What is too large is answered, cut into fragments or into smaller segments, or crosses in
 * fragments of the tunnel's own packet, and is counted in each case: never a silent black hole.
 *
 * <p>A superframe leaves as trains of UDP GSO where the socket takes them, and segment by segment otherwise. What a
 * tunnel carries is complete: no device behind the socket looks for an inner checksum.
 *
 * <p>Owned by one worker. Allocates nothing.
 */
final class Encapsulator {

    private final FramePool pool;
    private final Outputs outputs;
    private final Finisher finisher;
    private final Segmenter segmenter;
    private final ErrorRateLimiter errorRate;
    /** Trains or fragments of one frame. */
    private final FrameBatch pieces = new FrameBatch(FrameBatch.BURST_FRAMES);
    /** Datagrams of one UDP superframe, each of which may become fragments. */
    private final FrameBatch datagrams = new FrameBatch(Segmenter.MAX_SEGMENTS);

    Encapsulator(FramePool pool, Outputs outputs, Finisher finisher, Segmenter segmenter, ErrorRateLimiter errorRate) {
        this.pool = pool;
        this.outputs = outputs;
        this.finisher = finisher;
        this.segmenter = segmenter;
        this.errorRate = errorRate;
    }

    /** Takes the frame over. */
    void send(Frame frame, Action.Tunnel tunnel, long nowNs) {
        if (Segmenter.largestSegmentBytes(frame) > EffectiveMtu.maxFrameBytes(tunnel.mtuBytes())) {
            tooBig(frame, tunnel, nowNs);
        } else {
            encapsulate(frame, tunnel, outputs.tunnel(tunnel.kind(), frame));
        }
    }

    /** Forgets what it had in hand, after an error. */
    void abandon() {
        pieces.clear();
        datagrams.clear();
    }

    private void encapsulate(Frame frame, Action.Tunnel tunnel, @Nullable OutputQueue queue) {
        frame.setOuterTrafficClass(tunnel.tos().of(frame));
        DropReason failure = queue == null ? DropReason.TX_DEVICE_DOWN : push(frame, tunnel);
        if (queue == null || failure != null) {
            outputs.drop(frame, failure == null ? DropReason.TX_DEVICE_DOWN : failure);
            return;
        }
        frame.setRemote(tunnel.remote().hi(), tunnel.remote().lo(), tunnel.udpPort());
        if (frame.gsoType() == Frame.GSO_NONE) {
            outputs.enqueue(queue, frame);
        } else if (queue.takes(Offload.TRAINS)) {
            train(frame, tunnel.kind(), queue);
        } else {
            outputs.expect(queue);
            finisher.cut(frame, queue);
        }
    }

    private static @Nullable DropReason push(Frame frame, Action.Tunnel tunnel) {
        if (frame.gsoType() == Frame.GSO_NONE) {
            DropReason invalid = Checksum.complete(frame);
            if (invalid != null) {
                return invalid;
            }
        }
        boolean pushed = switch (tunnel.kind()) {
            case VXLAN -> Vxlan.push(frame, (int) tunnel.id());
            case GRE -> Gre.push(frame, tunnel.keyed(), (int) tunnel.id());
            case GENEVE -> Geneve.push(frame, (int) tunnel.id());
        };
        return pushed ? null : DropReason.HEADROOM;
    }

    private void train(Frame superframe, TunnelKind kind, OutputQueue queue) {
        DropReason failure = segmenter.trains(superframe, pool, pieces);
        if (failure != null) {
            outputs.dropTunnelled(kind, superframe, failure);
            return;
        }
        int segments = 0;
        for (int i = 0; i < pieces.size(); i++) {
            segments += OutputQueue.datagrams(pieces.get(i));
            outputs.enqueue(queue, pieces.get(i));
        }
        pieces.clear();
        outputs.counters(superframe.inPort()).add(PortCounters.Kind.CREATED, segments - 1L);
        pool.release(superframe);
    }

    private void tooBig(Frame frame, Action.Tunnel tunnel, long nowNs) {
        boolean hasPacket = frame.l3At() > 0;
        int mtuBytes = hasPacket ? EffectiveMtu.forFrame(frame, tunnel.mtuBytes()) : tunnel.mtuBytes();
        if (TooBig.mayFragment(frame) || TooBig.mustCross(frame, mtuBytes, tunnel.guestMtuBytes())) {
            divide(frame, tunnel, mtuBytes, nowNs);
            return;
        }
        Frame answer = errorRate.isAvailable(frame.inPort(), nowNs) ? pool.take() : null;
        if (answer == null) {
            outputs.drop(frame, DropReason.TOO_BIG_SILENT);
            return;
        }
        TooBig.Outcome outcome = TooBig.answer(frame, mtuBytes, answer);
        switch (outcome) {
            case ANSWERED_ICMP -> reply(frame, answer, tunnel, DropReason.TOO_BIG_ICMP_SENT, nowNs);
            case ANSWERED_ICMPV6 -> reply(frame, answer, tunnel, DropReason.TOO_BIG_ICMPV6_SENT, nowNs);
            case MUST_FRAGMENT, SILENT -> {
                pool.release(answer);
                outputs.drop(frame, DropReason.TOO_BIG_SILENT);
            }
        }
    }

    private void reply(Frame frame, Frame answer, Action.Tunnel tunnel, DropReason reason, long nowNs) {
        errorRate.tryTake(frame.inPort(), nowNs);
        PortCounters counters = outputs.counters(frame.inPort());
        counters.add(PortCounters.Kind.CREATED, 1);
        counters.add(PortCounters.Kind.TOO_BIG_ANSWERED, 1);
        answer.setInPort(frame.inPort());
        int tag = tunnel.arrivalTag();
        if (tag != 0) {
            // An answer has the headroom that it was made with: more than enough.
            VlanTag.push(answer, tag >>> 16, tag & 0xffff);
        }
        if (!outputs.toPort(answer.inPort(), answer)) {
            outputs.drop(answer, DropReason.PORT_DOWN);
        }
        outputs.drop(frame, reason);
    }

    /**
     * What may or must be divided. TCP is cut into smaller segments, which costs the receiver nothing; IPv4 without DF
     * into IP fragments (RFC 791); the rest crosses in fragments of the tunnel's packet (RFC 2473, section 7.1; RFC
     * 8200, section 5).
     */
    private void divide(Frame frame, Action.Tunnel tunnel, int mtuBytes, long nowNs) {
        int type = frame.gsoType() & ~Frame.GSO_ECN;
        if (type == Frame.GSO_NONE) {
            if (TooBig.mayFragment(frame)) {
                fragment(frame, tunnel, mtuBytes);
            } else {
                outputs.counters(frame.inPort()).add(PortCounters.Kind.OUTER_FRAGMENTED, 1);
                encapsulate(frame, tunnel, outputs.fragmenting(tunnel.kind()));
            }
        } else if (type == Frame.GSO_UDP_L4) {
            divideDatagrams(frame, tunnel, nowNs);
        } else {
            int excessBytes = Segmenter.largestSegmentBytes(frame) - EffectiveMtu.maxFrameBytes(tunnel.mtuBytes());
            int sizeBytes = Math.min(frame.gsoSizeBytes(), frame.length()) - excessBytes;
            if (sizeBytes < 1) {
                outputs.drop(frame, DropReason.FRAGMENTATION_FAILED);
                return;
            }
            frame.setGso(frame.gsoType(), sizeBytes, frame.gsoHeaderBytes());
            encapsulate(frame, tunnel, outputs.tunnel(tunnel.kind(), frame));
        }
    }

    /** Each datagram of a UDP superframe is a packet of its own, to be fragmented by itself. */
    private void divideDatagrams(Frame superframe, Action.Tunnel tunnel, long nowNs) {
        DropReason failure = segmenter.segment(superframe, Segmenter.Checksums.COMPLETE, pool, datagrams);
        if (failure != null) {
            outputs.drop(superframe, failure);
            return;
        }
        outputs.counters(superframe.inPort()).add(PortCounters.Kind.CREATED, datagrams.size() - 1L);
        for (int i = 0; i < datagrams.size(); i++) {
            send(datagrams.get(i), tunnel, nowNs);
        }
        datagrams.clear();
        pool.release(superframe);
    }

    private void fragment(Frame frame, Action.Tunnel tunnel, int mtuBytes) {
        DropReason failure = Ipv4Fragmenter.fragment(frame, mtuBytes, pool, pieces);
        if (failure != null) {
            pieces.releaseAll(pool);
            outputs.drop(frame, failure);
            return;
        }
        PortCounters counters = outputs.counters(frame.inPort());
        // the original gives way to its fragments: one frame in, n - 1 created
        counters.add(PortCounters.Kind.CREATED, pieces.size() - 1L);
        counters.add(PortCounters.Kind.FRAGMENTED, 1);
        for (int i = 0; i < pieces.size(); i++) {
            Frame fragment = pieces.get(i);
            fragment.setInPort(frame.inPort());
            fragment.setFlowHash(frame.flowHash());
            encapsulate(fragment, tunnel, outputs.tunnel(tunnel.kind(), fragment));
        }
        pieces.clear();
        pool.release(frame);
    }
}
