package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Locations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which buckets move when load is shared anew, by the rule of Open vSwitch: from the member with the most load to the
 * one with the least, as long as they differ noticeably and moving brings them noticeably nearer to each other.
 *
 * <p>For one use.
 */
final class LoadBalance {

    /** A smaller difference is left alone: in ten seconds it is less than 100 kbit/s. */
    private static final long MIN_EXCESS_BYTES = 100_000;
    /** And so is one that is less than 1/32, 3 %, of the lesser load. */
    private static final int MIN_EXCESS_SHIFT = 5;
    /** What moves must bring the two loads nearer to their mean by at least this part of the way, 10 %. */
    private static final int MIN_GAIN_PART = 10;

    private final long[] loads;
    private final int[] members;
    /** The one with the most load first. */
    private final List<Carrier> carriers = new ArrayList<>();

    private static final class Carrier {
        private final int member;
        /** Those with load, the heaviest first, that have not moved yet. */
        private final List<Integer> buckets = new ArrayList<>();

        private long bytes;

        Carrier(int member) {
            this.member = member;
        }
    }

    private LoadBalance(long[] loads, int[] members) {
        this.loads = loads;
        this.members = members;
    }

    /**
     * Shares load anew.
     *
     * @param loads bytes that each bucket has carried lately
     * @param members the member of each bucket, changed for those that move
     * @param enabled numbers of the members that carry frames
     */
    static void rebalance(long[] loads, int[] members, List<Integer> enabled) {
        LoadBalance balance = new LoadBalance(loads, members);
        balance.sumUp(enabled);
        balance.moveAll();
    }

    private void sumUp(List<Integer> enabled) {
        int highest = enabled.stream().mapToInt(Integer::intValue).max().orElse(Locations.NONE);
        Carrier[] byMember = new Carrier[highest + 1];
        for (int member : enabled) {
            byMember[member] = new Carrier(member);
            carriers.add(byMember[member]);
        }
        Integer[] heaviestFirst = new Integer[loads.length];
        Arrays.setAll(heaviestFirst, bucket -> bucket);
        Arrays.sort(
                heaviestFirst,
                Comparator.comparingLong((Integer bucket) -> loads[bucket]).reversed());
        for (Integer bucket : heaviestFirst) {
            if (loads[bucket] > 0 && members[bucket] <= highest && byMember[members[bucket]] != null) {
                byMember[members[bucket]].buckets.add(bucket);
                byMember[members[bucket]].bytes += loads[bucket];
            }
        }
        sortCarriers();
    }

    private void sortCarriers() {
        carriers.sort(
                Comparator.comparingLong((Carrier carrier) -> carrier.bytes).reversed());
    }

    private void moveAll() {
        while (carriers.size() > 1) {
            Carrier from = carriers.getFirst();
            Carrier to = carriers.getLast();
            long excess = from.bytes - to.bytes;
            if (excess < to.bytes >> MIN_EXCESS_SHIFT || excess < MIN_EXCESS_BYTES) {
                return;
            }
            List<Integer> moving = choose(from, to);
            if (moving.isEmpty()) {
                carriers.remove(from); // nothing useful can be taken from it; perhaps from the next
                continue;
            }
            for (Integer bucket : moving) {
                from.buckets.remove(/* element */ bucket);
                from.bytes -= loads[bucket];
                to.bytes += loads[bucket]; // and does not move once more
                members[bucket] = to.member;
            }
            sortCarriers();
        }
    }

    /** Buckets, the heaviest first, that together come near to half of the difference; none when it would not pay. */
    private List<Integer> choose(Carrier from, Carrier to) {
        if (from.buckets.size() < 2) {
            return List.of(); // all its load is one bucket's: that would be as much elsewhere
        }
        long half = (from.bytes + to.bytes) / 2 - to.bytes;
        long minGain = half / MIN_GAIN_PART;
        List<Integer> moving = new ArrayList<>();
        long bytes = 0;
        for (Integer bucket : from.buckets) {
            if (bytes + loads[bucket] <= half) {
                moving.add(bucket);
                bytes += loads[bucket];
            }
            if (half - bytes < minGain) {
                break; // near enough: light ones need not follow
            }
        }
        if (moving.isEmpty()) {
            moving.add(from.buckets.getLast()); // each is more than half: then the lightest
            bytes = loads[from.buckets.getLast()];
        }
        long gain = Math.min(from.bytes - bytes, to.bytes + bytes) - to.bytes;
        return gain > 0 && gain >= minGain ? moving : List.of();
    }
}
