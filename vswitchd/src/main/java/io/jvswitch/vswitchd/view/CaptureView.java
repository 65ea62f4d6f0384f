package io.jvswitch.vswitchd.view;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A captured frame.
 *
 * @param time when it was seen
 * @param port where
 * @param direction {@code rx}: came in by the port, {@code tx}: leaves by it
 * @param bytes its length
 * @param gsoBytes payload bytes of each segment of a superframe, null for an ordinary frame
 * @param tunnel kind of the tunnel that carries it, null for a local port's
 * @param vni its VNI or key, null without one
 * @param vtep the tunnel's other end
 * @param drop why it was dropped, null when it was not
 * @param lostFrames frames that could not be kept before it, null for none
 * @param flow what it is
 */
public record CaptureView(
        Instant time,
        String port,
        String direction,
        int bytes,
        @Nullable Integer gsoBytes,
        @Nullable String tunnel,
        @Nullable Long vni,
        @Nullable String vtep,
        @Nullable String drop,
        @Nullable Long lostFrames,
        String flow) {

    private static final long NS_PER_SECOND = 1_000_000_000;

    /**
     * A frame as it is shown.
     *
     * @param port the port's name
     * @param epochNs its time in nanoseconds since 1970
     */
    public static CaptureView of(CapturedFrame frame, String port, long epochNs) {
        boolean tunnelled = frame.port() == Locations.UNDERLAY;
        boolean known = tunnelled && TunnelFlags.isTunnel(frame.tunnelFlags());
        boolean keyed = known && (frame.tunnelFlags() & TunnelFlags.KEYED) != 0;
        DropReason drop = frame.drop();
        return new CaptureView(
                Instant.ofEpochSecond(epochNs / NS_PER_SECOND, epochNs % NS_PER_SECOND),
                port,
                frame.leaving() ? "tx" : "rx",
                frame.lengthBytes(),
                frame.gsoSizeBytes() > 0 ? frame.gsoSizeBytes() : null,
                known ? TunnelFlags.kind(frame.tunnelFlags()).label() : null,
                keyed ? frame.tunnelId() : null,
                tunnelled ? frame.peer().toString() : null,
                drop == null ? null : drop.label(),
                frame.lostBefore() > 0 ? frame.lostBefore() : null,
                flow(frame));
    }

    /** The frame's flow key; what was not captured of it counts as zeros. */
    private static String flow(CapturedFrame captured) {
        if (captured.outer()) {
            return "unreadable(tunnel header)";
        }
        int length = Math.max(captured.lengthBytes(), captured.bytes().length);
        Frame frame = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + length]));
        if (!frame.resize(length)) {
            return "unreadable(too long)";
        }
        MemorySegment.copy(
                MemorySegment.ofArray(captured.bytes()), 0, frame.segment(), frame.start(), captured.bytes().length);
        frame.setInPort(captured.inPort());
        FlowKey key = new FlowKey();
        DropReason malformed = FlowExtractor.extract(frame, key);
        return malformed == null ? key.toString() : "malformed(" + malformed.label() + ")";
    }
}
