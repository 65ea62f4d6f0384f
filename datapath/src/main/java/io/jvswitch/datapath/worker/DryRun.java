package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.rewrite.FrameRewriter;
import io.jvswitch.datapath.rewrite.TimeToLive;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.ActionSequence;
import io.jvswitch.datapath.translate.TraceEvent;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.mtu.MssClamp;
import io.jvswitch.encap.mtu.TooBig;
import io.jvswitch.encap.offload.Ipv4Fragmenter;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict's actions do to one frame, without sending it: the half of a trace that a megaflow does not tell,
 * because it depends on the frame and not on its key. The decisions are those of {@link ActionExecutor} and {@link
 * Encapsulator}, made by the same code; only rates (of ICMP errors, meters, storms) are left out.
 *
 * <p>Any thread; allocates.
 */
public final class DryRun {

    /** Room for the largest ICMPv6 error with Ethernet header and tags. */
    private static final int ANSWER_BYTES = 2_048;

    /** Room for Ethernet header and tags beside a fragment. */
    private static final int LINK_BYTES = 64;

    private final Translator.Trace trace;
    private final List<String> done = new ArrayList<>();
    private Frame frame;
    /** How much of the frame is given to who takes it next. */
    private int maxBytes = Integer.MAX_VALUE;

    private DryRun(Frame frame, Translator.Trace trace) {
        this.frame = frame;
        this.trace = trace;
    }

    /**
     * Carries the actions out on the frame, which is changed.
     *
     * @param frame a frame that extraction found well formed; the caller keeps it
     * @param verdict what translation said of it
     * @param trace told what happens to the frame, beyond what its key decides
     * @return what is really done, in the form of the verdict's text
     */
    public static String of(Frame frame, Verdict verdict, Translator.Trace trace) {
        if (verdict.dropReason() != null) {
            return verdict.toString();
        }
        return new DryRun(frame, trace).all(verdict);
    }

    private String all(ActionSequence actions) {
        boolean goesOn = true;
        for (int i = 0; i < actions.size() && goesOn; i++) {
            goesOn = carryOut(actions.action(i));
        }
        return String.join(",", done);
    }

    /** Whether the frame goes on. */
    private boolean carryOut(Action action) {
        DropReason failure = null;
        switch (action) {
            case Action.Delivery delivery -> {
                done.add(deliver(delivery));
                maxBytes = Integer.MAX_VALUE;
                return true;
            }
            case Action.LowerTtl lower -> {
                if (!TimeToLive.lower(frame, lower.header())) {
                    Action.ToConductor expired = lower.expired();
                    say("the time to live is used up");
                    done.add(expired == null ? drop(DropReason.TTL_EXPIRED) : expired.toString());
                    return false;
                }
            }
            case Action.Truncate truncate -> maxBytes = truncate.maxBytes();
            case Action.Change change -> {
                if (FrameRewriter.mustCut(frame, change)) {
                    failure = cut();
                }
                failure = failure == null ? FrameRewriter.apply(frame, change) : failure;
            }
            case Action.ClampMss clamp -> clamp(clamp.mtuBytes());
            case Action.Meter _, Action.LimitFlood _ -> {} // what else is under way decides
        }
        done.add(action.toString());
        if (failure != null) {
            done.add(drop(failure));
        }
        return failure == null;
    }

    /** Goes on with the first segment of a superframe, for all of them. */
    private @Nullable DropReason cut() {
        Segmenter segmenter = new Segmenter();
        DropReason invalid = segmenter.begin(frame);
        if (invalid == null) {
            say("the superframe is cut into " + segmenter.remaining() + " segments first");
            Frame segment = new Frame(MemorySegment.ofArray(new byte[frame.capacity()]));
            segmenter.next(segment, Segmenter.Checksums.COMPLETE);
            frame = segment;
        }
        return invalid;
    }

    /** Lets somebody take the frame, of whom only a tunnel looks at it. */
    private String deliver(Action.Delivery delivery) {
        if (delivery instanceof Action.Clone clone) {
            DryRun copy = new DryRun(copyOf(frame), trace);
            copy.maxBytes = maxBytes;
            return "clone(" + copy.all(clone) + ")";
        }
        if (!(delivery instanceof Action.Tunnel tunnel)) {
            return delivery.toString();
        }
        if (maxBytes >= Segmenter.largestSegmentBytes(frame)) {
            return tunnel(tunnel);
        }
        Frame whole = frame;
        frame = copyOf(whole);
        DropReason failure = frame.gsoType() == Frame.GSO_NONE ? null : cut();
        failure = failure == null ? FrameRewriter.truncate(frame, maxBytes) : failure;
        String text = failure == null ? tunnel(tunnel) : drop(failure);
        frame = whole;
        return text;
    }

    private static Frame copyOf(Frame frame) {
        Frame copy = new Frame(MemorySegment.ofArray(new byte[frame.capacity()]));
        copy.copyFrom(frame);
        return copy;
    }

    private void clamp(int mtuBytes) {
        int announced = announcedMss();
        if (announced < 0) {
            return;
        }
        boolean lowered = MssClamp.clamp(frame, mtuBytes);
        say(
                lowered
                        ? "MSS " + announced + " becomes " + announcedMss() + ", for an MTU of " + mtuBytes
                        : "MSS " + announced + " fits an MTU of " + mtuBytes);
    }

    /** The MSS that a SYN announces, or -1. */
    private int announcedMss() {
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        if (at == 0
                || TcpHeader.check(seg, at, frame.end() - at) != null
                || (TcpHeader.flags(seg, at) & TcpHeader.FLAG_SYN) == 0) {
            return -1;
        }
        long option = TcpHeader.findOption(seg, at, TcpHeader.OPTION_MSS);
        return option >= 0 && TcpHeader.optionBytes(seg, option) == TcpHeader.MSS_OPTION_BYTES
                ? NetworkOrder.getU16(seg, option + 2)
                : -1;
    }

    private String tunnel(Action.Tunnel tunnel) {
        int trafficClass = tunnel.tos().of(frame);
        if (trafficClass != 0) {
            say("the outer header's traffic class is " + Ecn.text(trafficClass));
        }
        if (Segmenter.largestSegmentBytes(frame) <= EffectiveMtu.maxFrameBytes(tunnel.mtuBytes())) {
            return tunnel.toString();
        }
        int mtuBytes = frame.l3At() > 0 ? EffectiveMtu.forFrame(frame, tunnel.mtuBytes()) : tunnel.mtuBytes();
        String tooLarge = "too large for the " + tunnel.kind().label() + " tunnel to " + tunnel.remote() + ", MTU "
                + mtuBytes + ": ";
        if (TooBig.mayFragment(frame)) {
            return fragments(tunnel, mtuBytes, tooLarge);
        }
        if (TooBig.mustCross(frame, mtuBytes, tunnel.guestMtuBytes())) {
            say(tooLarge + "its sender cannot be told, so the tunnel's packet is cut into fragments");
            return "outer_fragments," + tunnel;
        }
        Frame answer = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + ANSWER_BYTES]));
        return switch (TooBig.answer(frame, mtuBytes, answer)) {
            case ANSWERED_ICMP -> {
                say(tooLarge + "its sender is told by ICMP \"fragmentation needed\", MTU " + mtuBytes);
                yield drop(DropReason.TOO_BIG_ICMP_SENT);
            }
            case ANSWERED_ICMPV6 -> {
                int toldBytes = Math.max(mtuBytes, Ipv6Header.MIN_MTU_BYTES);
                say(tooLarge + "its sender is told by ICMPv6 \"packet too big\", MTU " + toldBytes);
                yield drop(DropReason.TOO_BIG_ICMPV6_SENT);
            }
            case MUST_FRAGMENT, SILENT -> {
                say(tooLarge + "no error may be sent for it");
                yield drop(DropReason.TOO_BIG_SILENT);
            }
        };
    }

    private String fragments(Action.Tunnel tunnel, int mtuBytes, String tooLarge) {
        FrameBatch pieces = new FrameBatch(FrameBatch.BURST_FRAMES);
        try (FramePool pool =
                new FramePool(FrameBatch.BURST_FRAMES, Frame.HEADROOM_BYTES + LINK_BYTES + Math.max(mtuBytes, 0))) {
            DropReason failure = Ipv4Fragmenter.fragment(frame, mtuBytes, pool, pieces);
            int count = pieces.size();
            pieces.releaseAll(pool);
            if (failure != null) {
                say(tooLarge + "it cannot be cut into fragments");
                return drop(failure);
            }
            say(tooLarge + "without DF it is cut into " + count + " fragments");
            return "fragment(" + count + ")," + tunnel;
        }
    }

    private void say(String text) {
        trace.event(new TraceEvent.Note(0, text));
    }

    private String drop(DropReason reason) {
        trace.event(new TraceEvent.Dropped(0, reason));
        return "drop(" + reason.label() + ")";
    }
}
