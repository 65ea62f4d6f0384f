package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Action;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * A worker's token buckets, one for each meter that its frames have met: OpenFlow's drop band (OpenFlow 1.3.5, section
 * 5.7.1). A bucket begins full, and again when its meter has another rate or burst.
 *
 * <p>A frame that is larger than the whole burst, as superframes are, passes when the bucket is full, and the frames
 * after it wait for what it took. Credit is kept in billionths of a unit, so no time is lost to rounding. Owned by one
 * worker; allocates nothing but for a meter's first frame.
 */
final class Meters {

    /** A nanosecond at a rate of one is a billionth of a unit. */
    private static final long UNIT = 1_000_000_000;

    private static final long PER_BIT = UNIT / 1_000;

    private static final class Bucket {
        private Action.Meter meter;
        private long credit;
        private long seenNs;

        Bucket(Action.Meter meter, long nowNs) {
            this.meter = meter;
            refill(nowNs);
        }

        void refill(long nowNs) {
            credit = full();
            seenNs = nowNs;
        }

        long full() {
            return meter.burst() * UNIT;
        }
    }

    private final Int2ObjectHashMap<Bucket> buckets = new Int2ObjectHashMap<>();

    /**
     * Whether a frame may pass now; then it is counted.
     *
     * @param bytes of the frame, from its Ethernet header on
     * @param nowNs the worker's clock; a step back counts as no time
     */
    boolean admits(Action.Meter meter, int bytes, long nowNs) {
        Bucket bucket = buckets.get(meter.id());
        if (bucket == null) {
            bucket = new Bucket(meter, nowNs);
            buckets.put(meter.id(), bucket);
        } else if (!bucket.meter.equals(meter)) {
            bucket.meter = meter;
            bucket.refill(nowNs);
        }
        long full = bucket.full();
        long elapsedNs = nowNs - bucket.seenNs;
        if (elapsedNs > 0) {
            boolean isFull = elapsedNs > (full - bucket.credit) / meter.rate();
            bucket.credit = isFull ? full : bucket.credit + elapsedNs * meter.rate();
            bucket.seenNs = nowNs;
        }
        long cost = switch (meter.unit()) {
            case PACKETS -> UNIT;
            case KILOBITS -> (long) bytes * Byte.SIZE * PER_BIT;
        };
        if (bucket.credit < Math.min(cost, full)) {
            return false;
        }
        bucket.credit -= cost;
        return true;
    }
}
