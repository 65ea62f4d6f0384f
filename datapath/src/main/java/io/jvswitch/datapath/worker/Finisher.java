package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.Checksum;

/**
 * Finishes frames for a device that does not take them as they are: completes partial checksums, cuts superframes into
 * segments. A device that completes checksums itself gets segments with partial ones.
 *
 * <p>Owned by one worker. Allocates nothing.
 */
final class Finisher {

    private final FramePool pool;
    private final CounterTable counters;
    private final Segmenter segmenter;
    private final CaptureTap tap;

    Finisher(FramePool pool, CounterTable counters, Segmenter segmenter, CaptureTap tap) {
        this.pool = pool;
        this.counters = counters;
        this.segmenter = segmenter;
        this.tap = tap;
    }

    /** Takes over a frame that needs what the queue's device lacks, and appends what the device takes. */
    void finish(Frame frame, OutputQueue queue) {
        if (frame.gsoType() != Frame.GSO_NONE) {
            cut(frame, queue);
            return;
        }
        DropReason invalid = Checksum.complete(frame);
        if (invalid == null) {
            queue.append(frame);
        } else {
            drop(frame, queue, invalid, 1);
            pool.release(frame);
        }
    }

    /** Takes a superframe over, tunnel header pushed or not, and appends its segments. */
    void cut(Frame superframe, OutputQueue queue) {
        PortCounters source = counters.of(superframe.inPort());
        DropReason invalid = segmenter.begin(superframe);
        if (invalid != null) {
            drop(superframe, queue, invalid, 1);
            pool.release(superframe);
            return;
        }
        Segmenter.Checksums checksums =
                queue.takes(Offload.CHECKSUM) ? Segmenter.Checksums.PARTIAL : Segmenter.Checksums.COMPLETE;
        // the superframe gives way to its segments: one frame in, n - 1 created
        source.add(PortCounters.Kind.CREATED, segmenter.remaining() - 1L);
        while (segmenter.remaining() > 0) {
            Frame segment = pool.take();
            if (segment == null) {
                queue.flush(); // its frames come back to the pool
                segment = pool.take();
            }
            if (segment == null) {
                drop(superframe, queue, DropReason.SEGMENTATION_FAILED, segmenter.remaining());
                break;
            }
            if (!segmenter.next(segment, checksums)) {
                pool.release(segment);
                drop(superframe, queue, DropReason.SEGMENTATION_FAILED, segmenter.remaining());
                break;
            }
            queue.append(segment);
        }
        pool.release(superframe);
    }

    /** Counts frames as dropped where they came in; a capture sees what they are of. */
    private void drop(Frame frame, OutputQueue queue, DropReason reason, int frames) {
        counters.of(frame.inPort()).drop(reason, frames);
        if (tap.isActive()) {
            TunnelKind tunnel = queue.tunnel();
            if (tunnel != null) {
                tap.strip(tunnel, frame);
            }
            tap.dropped(frame.inPort(), frame, reason);
        }
    }
}
