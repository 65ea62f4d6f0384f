package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Says for up to 64 subtables at once which of them may have a frame's flow, by one hash: the one over the bits that
 * all of their masks look at, the filter's <em>core</em>.
 *
 * <pre>
 *   maps[hash of the frame under the core]   | 0 | 1 | 0 | ... | 0 | 1 |   bit i: members[i] may have the flow
 * </pre>
 *
 * <p>Bits are set when flows come and stay when they leave, so a map may name a member too many, never one too few.
 * Maps that too many flows have left, or that too many share, are made anew beside the old ones ({@link #next}) while
 * somebody walks the flows; what is inserted meanwhile is noted in both.
 *
 * <p>The owner's alone: readers on other threads ask the subtables themselves.
 */
final class SubtableFilter<A> {

    static final int MEMBERS = 64;

    private static final int MIN_LENGTH = 512;
    /** A filter's first maps are made at once for all filters, so they are small. */
    private static final int MAX_FIRST_LENGTH = 1 << 12;
    /** 256 KB. */
    private static final int MAX_LENGTH = 1 << 15;

    /** Every member looks at these bits, and more. */
    final PackedMask core;

    private final int coreBits;
    private final Subtable<A>[] members = members();
    /** Places in {@link #members} that are taken. */
    private long taken;
    /** Members all of whose flows are in the maps. */
    private long known;
    /** Members to be found through this filter: those known that are not asked before. */
    private long asked;

    private long[] maps = new long[MIN_LENGTH];
    private long @Nullable [] next;
    /** Members whose flows are all in {@link #next}, or in {@link #maps} where there is none, when the walk is over. */
    private long walked;
    /** Flows of the members. */
    private int flows;
    /** Flows noted since the maps were empty. */
    private int written;

    private int writtenNext;

    SubtableFilter(FlowMask core) {
        this.core = PackedMask.of(core);
        coreBits = bits(core);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic array creation
    private static <A> Subtable<A>[] members() {
        return (Subtable<A>[]) new Subtable[MEMBERS];
    }

    /** The whole bytes of a mask: masks whose prefixes differ by some bits then have one core. */
    static FlowMask core(FlowMask mask) {
        FlowMask core = new FlowMask();
        for (int word = mask.next(0); word >= 0; word = mask.next(word + 1)) {
            long whole = mask.words[word] & mask.words[word] >>> 4;
            whole &= whole >>> 2;
            whole &= whole >>> 1;
            core.add(word, (whole & 0x0101_0101_0101_0101L) * 0xff);
        }
        return core;
    }

    static int bits(FlowMask mask) {
        int bits = 0;
        for (int word = mask.next(0); word >= 0; word = mask.next(word + 1)) {
            bits += Long.bitCount(mask.words[word]);
        }
        return bits;
    }

    int coreBits() {
        return coreBits;
    }

    boolean isFull() {
        return taken == -1L;
    }

    boolean isEmpty() {
        return taken == 0;
    }

    /** Takes a subtable in; its flows, if it has any, are {@linkplain #isKnown known} after a walk only. */
    void join(Subtable<A> subtable) {
        int place = Long.numberOfTrailingZeros(~taken);
        long bit = 1L << place;
        members[place] = subtable;
        taken |= bit;
        subtable.filter = this;
        subtable.filterPlace = place;
        flows += subtable.flows.size();
        if (subtable.flows.size() == 0) {
            // Bits that the place's last member left behind name this one too often, which is no harm.
            known |= bit;
        }
    }

    /** Lets a subtable without flows go. */
    void leave(Subtable<A> subtable) {
        long bit = 1L << subtable.filterPlace;
        taken &= ~bit;
        known &= ~bit;
        asked &= ~bit;
        walked &= ~bit;
        subtable.filter = null;
    }

    boolean isKnown(Subtable<A> subtable) {
        return (known >>> subtable.filterPlace & 1) != 0;
    }

    /** Says that all known members are to be found here, until {@link #exclude}. */
    void askAll() {
        asked = known;
    }

    /** Says that a member is asked without the filter. */
    void exclude(Subtable<A> subtable) {
        asked &= ~(1L << subtable.filterPlace);
    }

    /** Notes a flow that came. */
    void added(Subtable<A> subtable, long[] words) {
        int hash = core.hash(words);
        long bit = 1L << subtable.filterPlace;
        maps[hash & maps.length - 1] |= bit;
        if (next != null) {
            next[hash & next.length - 1] |= bit;
            writtenNext++;
        }
        written++;
        flows++;
    }

    /** Notes that a flow left. */
    void removed() {
        flows--;
    }

    /** Whether the maps name many members too many, and other maps would not. */
    boolean isWorn() {
        return next == null
                && written > maps.length / 2
                && (written / 2 > flows || flows > maps.length / 4 && maps.length < MAX_LENGTH);
    }

    /** Before a walk of all flows: members that have flows become known by it. */
    void beginFirst() {
        maps = new long[length(flows, MAX_FIRST_LENGTH)];
        walked = taken;
    }

    /** Before a walk of all flows: the maps are to be made anew. */
    void beginNext() {
        next = new long[length(flows, MAX_LENGTH)];
        writtenNext = 0;
        walked = taken & known;
    }

    private static int length(int flows, int most) {
        return Math.clamp(Integer.highestOneBit(8 * Math.min(flows, MAX_LENGTH) + 1), MIN_LENGTH, most);
    }

    boolean isWalking() {
        return walked != 0;
    }

    /** The walk has come to a flow of a member. */
    void walk(Subtable<A> subtable, long[] words) {
        long[] target = next;
        if (target == null) {
            target = maps;
            written++;
        } else {
            writtenNext++;
        }
        target[core.hash(words) & target.length - 1] |= 1L << subtable.filterPlace;
    }

    /** The walk is over. */
    void end() {
        if (next != null) {
            maps = next;
            next = null;
            written = writtenNext;
        }
        known |= walked;
        walked = 0;
    }

    /** For each pending frame, the members that may have its flow, from {@code into[at]} on. */
    void maps(FlowKey[] keys, int[] pending, int count, long[] into, int at) {
        long members = asked;
        if (members == 0) {
            Arrays.fill(into, at, at + count, 0);
            return;
        }
        long[] own = maps;
        PackedMask mask = core;
        for (int i = 0; i < count; i++) {
            into[at + i] = own[mask.hash(keys[pending[i]].words) & own.length - 1] & members;
        }
    }

    /** The flow of a frame in the members that a map names, or null; counts the hit. */
    @Nullable
    Flow<A> find(long map, long[] words) {
        for (long left = map; left != 0; left &= left - 1) {
            Subtable<A> subtable = members[Long.numberOfTrailingZeros(left)];
            Flow<A> flow = subtable.ownFind(words);
            if (flow != null) {
                subtable.hits++;
                return flow;
            }
        }
        return null;
    }
}
