package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Dependency;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.flowtable.key.FlowKey;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Which member of a bond the traffic of each hash leaves by, and how much there was of it. A bucket that moves to
 * another member makes stale the megaflows of that bucket, and no others.
 *
 * <p>Lives as long as the bond. One writer, the conductor, moves buckets; every worker looks them up, wait-free.
 */
public final class BondBuckets {

    /** How many there are: as many as Open vSwitch has. A power of two. */
    public static final int COUNT = 256;

    private static final int MEMBER_BITS = Integer.SIZE - Integer.numberOfLeadingZeros(Locations.LAST_PORT);
    private static final int MEMBER_ONES = (1 << MEMBER_BITS) - 1;

    private final Bucket[] buckets;
    private final AtomicLong moves = new AtomicLong();

    /**
     * Buckets without a member.
     *
     * @param workers that count what they send, numbered from 0
     */
    public BondBuckets(int workers, long nowNs) {
        buckets = IntStream.range(0, COUNT)
                .mapToObj(_ -> new Bucket(new Credit(workers, nowNs)))
                .toArray(Bucket[]::new);
    }

    /** Traffic whose hashes end in the same bits. */
    public static final class Bucket implements Dependency {

        /** The number of moves so far above the member's number: read and written at once. */
        private final AtomicLong state = new AtomicLong(Locations.NONE);

        private final Credit credit;

        private Bucket(Credit credit) {
            this.credit = credit;
        }

        @Override
        public long version(FlowKey key) {
            return state.getAcquire() >>> MEMBER_BITS;
        }

        /** Number of the member, {@link Locations#NONE} before there is one. */
        public int memberAcquire() {
            return (int) state.getAcquire() & MEMBER_ONES;
        }

        private void moveRelease(int member) {
            state.setRelease((state.getPlain() >>> MEMBER_BITS) + 1 << MEMBER_BITS | member);
        }

        /** Who counts what leaves by the bucket. */
        public Credit credit() {
            return credit;
        }
    }

    /** The bucket of a hash: its lowest bits tell. */
    public Bucket ofHash(int hash) {
        return buckets[hash & COUNT - 1];
    }

    /** Writer: the bucket's traffic leaves by the member from now on. */
    void move(int bucket, int member) {
        if (buckets[bucket].memberAcquire() != member) {
            buckets[bucket].moveRelease(member);
            moves.setRelease(moves.getPlain() + 1);
        }
    }

    /** Rises whenever a bucket has moved. */
    public long version() {
        return moves.getAcquire();
    }
}
