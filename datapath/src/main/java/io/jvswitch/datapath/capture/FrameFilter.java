package io.jvswitch.datapath.capture;

import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EthernetHeader;
import java.util.List;

/**
 * Which frames a capture is for, by their flow key: those that agree with one of several values under its mask.
 *
 * <p>A malformed frame has no key; it is known by its MAC addresses alone, and so passes only filters that ask for
 * nothing else.
 *
 * <p>Immutable; any thread. Allocates nothing.
 */
public final class FrameFilter {

    /** Lets everything through. */
    public static final FrameFilter ALL = new FrameFilter(List.of());

    /**
     * Values to agree with. The filter owns both from then on.
     *
     * @param value the values
     * @param mask in which bits
     */
    public record Alternative(FlowKey value, FlowMask mask) {}

    private final Alternative[] alternatives;

    /** A filter that lets frames through that agree with one of the alternatives; without any, all frames. */
    public FrameFilter(List<Alternative> alternatives) {
        this.alternatives = alternatives.toArray(Alternative[]::new);
    }

    /**
     * Whether the frame passes.
     *
     * @param frame from its Ethernet header on; what extraction leaves in it is overwritten
     * @param key overwritten
     */
    public boolean matches(Frame frame, FlowKey key) {
        if (alternatives.length == 0) {
            return true;
        }
        if (FlowExtractor.extract(frame, key) != null && frame.length() >= EthernetHeader.BYTES) {
            key.set(FlowField.ETH_DST, EthernetHeader.destination(frame.segment(), frame.start()));
            key.set(FlowField.ETH_SRC, EthernetHeader.source(frame.segment(), frame.start()));
        }
        for (Alternative alternative : alternatives) {
            if (key.equalsUnder(alternative.mask, alternative.value)) {
                return true;
            }
        }
        return false;
    }
}
