package io.jvswitch.datapath.capture;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.tunnel.GeneveHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker's frames pass by the captures: after a device gave them, after a device took them, and where they are
 * dropped. Without a capture it costs the look at one field a burst.
 *
 * <p>Owned by one worker. Allocates nothing for a frame.
 */
public final class CaptureTap {

    private static final CaptureRing[] NONE = {};

    private CaptureRing[] rings = NONE;
    private long nowNs;

    /** A duty cycle begins: captures that have ended are forgotten. */
    public void begin(long timeNs) {
        nowNs = timeNs;
        if (isActive()) {
            forgetClosed();
        }
    }

    /** Whether there is a capture. */
    public boolean isActive() {
        return rings.length > 0;
    }

    /** A capture begins. */
    public void add(CaptureRing ring) {
        rings = Arrays.copyOf(rings, rings.length + 1);
        rings[rings.length - 1] = ring;
    }

    private void forgetClosed() {
        for (CaptureRing ring : rings) {
            if (ring.isClosed()) {
                rings = Arrays.stream(rings).filter(one -> !one.isClosed()).toArray(CaptureRing[]::new);
                return;
            }
        }
    }

    /** Frames came in by a port, or out of tunnels. */
    public void received(int port, FrameBatch batch) {
        for (CaptureRing ring : rings) {
            if (ring.selection().wants(port, false, false)) {
                for (int i = 0; i < batch.size(); i++) {
                    ring.offer(batch.get(i), port, false, null, false, nowNs);
                }
            }
        }
    }

    /** A device took the frame, which may be changed: the caller only releases it. */
    public void sent(int port, Frame frame) {
        for (CaptureRing ring : rings) {
            if (ring.selection().wants(port, true, false)) {
                ring.offer(frame, port, true, null, false, nowNs);
            }
        }
    }

    /** A frame, or a copy of it, ends at a port. What extraction finds in it is written into it again. */
    public void dropped(int port, Frame frame, DropReason reason) {
        dropped(port, frame, reason, false);
    }

    /** A datagram whose tunnel header could not be popped ends. */
    public void droppedOuter(Frame datagram, DropReason reason) {
        dropped(Locations.UNDERLAY, datagram, reason, true);
    }

    private void dropped(int port, Frame frame, DropReason reason, boolean outer) {
        for (CaptureRing ring : rings) {
            if (ring.selection().wants(port, false, true)) {
                ring.offer(frame, port, false, reason, outer, nowNs);
            }
        }
    }

    /** A device did not take the frame. */
    public void refused(int port, Frame frame, DropReason reason) {
        for (CaptureRing ring : rings) {
            if (ring.selection().wants(port, true, true)) {
                ring.offer(frame, port, true, reason, false, nowNs);
            }
        }
    }

    /**
     * A socket took a datagram, or a train of them, or refused it: what it carries is seen without the tunnel's header,
     * each datagram by itself. The frame is changed: the caller only releases it.
     *
     * @param reason why it was refused, or null
     */
    public void tunnelled(TunnelKind kind, Frame frame, @Nullable DropReason reason) {
        int end = frame.end();
        int sizeBytes = frame.gsoType() == Frame.GSO_NONE ? frame.length() : frame.gsoSizeBytes();
        if (sizeBytes <= 0) {
            return;
        }
        frame.clearOffload();
        for (int at = frame.start(); at < end; at += sizeBytes) {
            int headerBytes = describe(kind, frame, at);
            int datagramBytes = Math.min(sizeBytes, end - at);
            if (datagramBytes < headerBytes) {
                return;
            }
            frame.place(at + headerBytes, datagramBytes - headerBytes);
            if (reason == null) {
                sent(Locations.UNDERLAY, frame);
            } else {
                refused(Locations.UNDERLAY, frame, reason);
            }
        }
    }

    /**
     * A frame with a tunnel's header before it is about to be dropped where it came in: it is seen without the header.
     * The caller only counts and releases it.
     */
    public void strip(TunnelKind kind, Frame frame) {
        int headerBytes = describe(kind, frame, frame.start());
        if (frame.length() >= headerBytes) {
            frame.place(frame.start() + headerBytes, frame.length() - headerBytes);
        }
    }

    /** Notes the tunnel of a datagram of our own making; gives the length of its header. */
    private static int describe(TunnelKind kind, Frame frame, int at) {
        MemorySegment seg = frame.segment();
        return switch (kind) {
            case VXLAN -> {
                frame.setTunnel(VxlanHeader.vni(seg, at), TunnelFlags.VXLAN | TunnelFlags.KEYED);
                yield VxlanHeader.BYTES;
            }
            case GRE -> {
                int flags = GreHeader.flags(seg, at);
                boolean keyed = (flags & GreHeader.FLAG_KEY) != 0;
                frame.setTunnel(keyed ? GreHeader.key(seg, at) : 0, TunnelFlags.GRE | (keyed ? TunnelFlags.KEYED : 0));
                yield GreHeader.headerBytes(flags);
            }
            case GENEVE -> {
                frame.setTunnel(GeneveHeader.vni(seg, at), TunnelFlags.GENEVE | TunnelFlags.KEYED);
                yield GeneveHeader.headerBytes(seg, at);
            }
        };
    }
}
