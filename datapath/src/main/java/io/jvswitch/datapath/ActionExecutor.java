package io.jvswitch.datapath;

import io.jvswitch.arp.ArpResponder;
import io.jvswitch.arp.NeighbourResponder;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.ErrorRateLimiter;
import io.jvswitch.encap.Geneve;
import io.jvswitch.encap.Gre;
import io.jvswitch.encap.Ipv4Fragmenter;
import io.jvswitch.encap.MssClamp;
import io.jvswitch.encap.TooBig;
import io.jvswitch.encap.Vxlan;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Does to a frame what its verdict says. Every frame that comes in leaves here in exactly one way: into an output queue,
 * back to the pool with a {@link DropReason}, or copied to the conductor.
 *
 * <p>Owned by one worker. Allocates nothing, except for the copy that a DHCP message takes to the conductor.
 */
final class ActionExecutor {

    private final Worker worker;
    private final FramePool pool;
    private final Outputs outputs;
    private final ErrorRateLimiter errorRate;
    private final FrameBatch fragments = new FrameBatch(FrameBatch.BURST_FRAMES);

    ActionExecutor(Worker worker, FramePool pool, Outputs outputs, ErrorRateLimiter errorRate) {
        this.worker = worker;
        this.pool = pool;
        this.outputs = outputs;
        this.errorRate = errorRate;
    }

    /** Takes the frame over. */
    void execute(Frame frame, Verdict verdict, long nowNs) {
        int copiesLeft = verdict.copies();
        int size = verdict.size();
        for (int i = 0; i < size; i++) {
            switch (verdict.action(i)) {
                case Action.Output output -> {
                    boolean last = copiesLeft-- == 0;
                    Frame out = last ? frame : copyOf(frame);
                    if (out != null) {
                        toPort(out, output.port());
                    }
                }
                case Action.Tunnel tunnel -> {
                    boolean last = copiesLeft-- == 0;
                    Frame out = last ? frame : copyOf(frame);
                    if (out != null) {
                        toTunnel(out, tunnel, nowNs);
                    }
                }
                case Action.ClampMss clamp -> {
                    if (MssClamp.clamp(frame, clamp.mtuBytes())) {
                        outputs.counters(frame.inPort()).add(PortCounters.Kind.MSS_CLAMPED, 1);
                    }
                }
                case Action.Drop drop -> drop(frame, drop.reason());
                case Action.AnswerArp answer -> {
                    ArpResponder.answer(frame, answer.mac());
                    sendBack(frame, PortCounters.Kind.ARP_REPLIES);
                }
                case Action.AnswerNeighbour answer -> {
                    DropReason failure = NeighbourResponder.answer(frame, answer.mac(), answer.router());
                    if (failure == null) {
                        sendBack(frame, PortCounters.Kind.ND_REPLIES);
                    } else {
                        drop(frame, failure);
                    }
                }
                case Action.ToDhcp dhcp -> toDhcp(frame, dhcp.domain());
            }
        }
    }

    /** Counts and releases. */
    void drop(Frame frame, DropReason reason) {
        outputs.counters(frame.inPort()).drop(reason, 1);
        pool.release(frame);
    }

    private @Nullable Frame copyOf(Frame frame) {
        PortCounters counters = outputs.counters(frame.inPort());
        Frame copy = pool.take();
        counters.add(PortCounters.Kind.CREATED, 1);
        if (copy == null) {
            counters.drop(DropReason.NO_BUFFER, 1);
            return null;
        }
        copy.copyFrom(frame);
        return copy;
    }

    private void sendBack(Frame frame, PortCounters.Kind kind) {
        outputs.counters(frame.inPort()).add(kind, 1);
        toPort(frame, frame.inPort());
    }

    private void toPort(Frame frame, int port) {
        if (!outputs.toPort(port, frame)) {
            drop(frame, DropReason.PORT_DOWN);
        }
    }

    private void toTunnel(Frame frame, Action.Tunnel tunnel, long nowNs) {
        if (frame.length() > EffectiveMtu.maxFrameBytes(tunnel.mtuBytes())) {
            tooBig(frame, tunnel, nowNs);
        } else {
            encapsulate(frame, tunnel);
        }
    }

    private void encapsulate(Frame frame, Action.Tunnel tunnel) {
        boolean pushed = switch (tunnel.kind()) {
            case VXLAN -> Vxlan.push(frame, (int) tunnel.id());
            case GRE -> Gre.push(frame, tunnel.keyed(), (int) tunnel.id());
            case GENEVE -> Geneve.push(frame, (int) tunnel.id());
        };
        if (!pushed) {
            drop(frame, DropReason.HEADROOM);
            return;
        }
        frame.setRemote(tunnel.remote().hi(), tunnel.remote().lo(), tunnel.udpPort());
        if (!outputs.toTunnel(tunnel.kind(), frame)) {
            drop(frame, DropReason.TX_DEVICE_DOWN);
        }
    }

    /** Never a silent black hole: the sender is told, or the packet is cut, or the drop is counted with its reason. */
    private void tooBig(Frame frame, Action.Tunnel tunnel, long nowNs) {
        boolean hasPacket = frame.l3At() > 0;
        int mtuBytes = hasPacket ? EffectiveMtu.forFrame(frame, tunnel.mtuBytes()) : tunnel.mtuBytes();
        Frame answer = errorRate.isAvailable(frame.inPort(), nowNs) ? pool.take() : null;
        if (answer == null) {
            answerlessTooBig(frame, tunnel, mtuBytes);
            return;
        }
        PortCounters counters = outputs.counters(frame.inPort());
        TooBig.Outcome outcome = TooBig.answer(frame, mtuBytes, answer);
        switch (outcome) {
            case ANSWERED_ICMP, ANSWERED_ICMPV6 -> {
                errorRate.tryTake(frame.inPort(), nowNs);
                counters.add(PortCounters.Kind.CREATED, 1);
                counters.add(PortCounters.Kind.TOO_BIG_ANSWERED, 1);
                answer.setInPort(frame.inPort());
                toPort(answer, frame.inPort());
                drop(
                        frame,
                        outcome == TooBig.Outcome.ANSWERED_ICMP
                                ? DropReason.TOO_BIG_ICMP_SENT
                                : DropReason.TOO_BIG_ICMPV6_SENT);
            }
            case MUST_FRAGMENT -> {
                pool.release(answer);
                fragment(frame, tunnel, mtuBytes);
            }
            case SILENT -> {
                pool.release(answer);
                drop(frame, DropReason.TOO_BIG_SILENT);
            }
        }
    }

    /** Over the error rate or out of buffers: what may be fragmented still is. */
    private void answerlessTooBig(Frame frame, Action.Tunnel tunnel, int mtuBytes) {
        if (TooBig.mayFragment(frame)) {
            fragment(frame, tunnel, mtuBytes);
        } else {
            drop(frame, DropReason.TOO_BIG_SILENT);
        }
    }

    private void fragment(Frame frame, Action.Tunnel tunnel, int mtuBytes) {
        DropReason failure = Ipv4Fragmenter.fragment(frame, mtuBytes, pool, fragments);
        if (failure != null) {
            fragments.releaseAll(pool);
            drop(frame, failure);
            return;
        }
        PortCounters counters = outputs.counters(frame.inPort());
        // the original gives way to its fragments: one frame in, n - 1 created
        counters.add(PortCounters.Kind.CREATED, fragments.size() - 1L);
        counters.add(PortCounters.Kind.FRAGMENTED, 1);
        for (int i = 0; i < fragments.size(); i++) {
            Frame fragment = fragments.get(i);
            fragment.setInPort(frame.inPort());
            fragment.setFlowHash(frame.flowHash());
            encapsulate(fragment, tunnel);
        }
        fragments.clear();
        pool.release(frame);
    }

    private void toDhcp(Frame frame, int domain) {
        MemorySegment bytes = frame.segment().asSlice(frame.start(), frame.length());
        boolean taken = worker.tell(
                new ConductorEvent.DhcpRequest(worker, frame.inPort(), domain, bytes.toArray(ValueLayout.JAVA_BYTE)));
        if (taken) {
            outputs.counters(frame.inPort()).add(PortCounters.Kind.HANDED_OVER, 1);
            pool.release(frame);
        } else {
            drop(frame, DropReason.CONDUCTOR_QUEUE_FULL);
        }
    }
}
