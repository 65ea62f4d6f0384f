package io.jvswitch.flowtable.classifier;

import io.jvswitch.flowtable.hash.HashDirectory;
import io.jvswitch.flowtable.hash.HashSegment;
import io.jvswitch.flowtable.hash.Hashed;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowHash;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.LookupStage;
import io.jvswitch.flowtable.key.PackedMask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All rules of one mask: groups of equal masked keys by their hash, and for each {@link LookupStage} before the last
 * the hashes that occur.
 */
final class RuleSubtable<R> {

    /** The address fields that have a {@link PrefixTrie}. */
    static final FlowField[] TRIE_FIELDS = {FlowField.IP_SRC, FlowField.IP_DST};

    private static final long CHAIN_SALT = 0xd6e8_feb8_6659_fd93L;

    /** A hash that rules have after some stage, and how many groups have it. */
    private static final class StageHash extends Hashed {
        int groups;

        StageHash(int hash) {
            super(hash);
        }
    }

    private final PackedMask mask;
    /** The mask's parts, in the order of the stages; none is empty unless the whole mask is. */
    private final PackedMask[] stages;
    /** The index of {@link LookupStage#L3} in {@link #stages}, before which the tries are asked; -1 without it. */
    private final int addressStage;
    /** For each stage but the last. */
    private final HashDirectory<StageHash>[] indices;

    private final HashDirectory<Rule.Group<R>> groups = new HashDirectory<>();
    /** Length of the prefix that the mask looks at, for each trie field; 0 when it is none, or not a prefix. */
    private final int[] prefixLengths = new int[TRIE_FIELDS.length];

    /** The writer's count of rules for each priority. */
    private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    RuleSubtable(FlowMask flowMask) {
        mask = PackedMask.of(flowMask);
        List<PackedMask> parts = new ArrayList<>();
        int addresses = -1;
        for (LookupStage stage : LookupStage.values()) {
            PackedMask part = stage.of(flowMask);
            if (part.size() > 0) {
                addresses = stage == LookupStage.L3 ? parts.size() : addresses;
                parts.add(part);
            }
        }
        stages = parts.isEmpty() ? new PackedMask[] {mask} : parts.toArray(new PackedMask[0]);
        addressStage = addresses;
        indices = (HashDirectory<StageHash>[]) new HashDirectory[stages.length - 1];
        Arrays.setAll(indices, i -> new HashDirectory<>());
        for (int i = 0; i < TRIE_FIELDS.length; i++) {
            prefixLengths[i] = prefixLength(flowMask.getHi(TRIE_FIELDS[i]), flowMask.get(TRIE_FIELDS[i]));
        }
    }

    private static int prefixLength(long hi, long lo) {
        int length = Long.bitCount(hi) + Long.bitCount(lo);
        long wantHi = length == 0 ? 0 : length >= 64 ? -1L : -1L << 64 - length;
        long wantLo = length <= 64 ? 0 : -1L << 128 - length;
        return hi == wantHi && lo == wantLo ? length : 0;
    }

    PackedMask mask() {
        return mask;
    }

    boolean isEmpty() {
        return priorities.isEmpty();
    }

    /** Writer: the greatest priority of the rules here; there must be one. */
    int maxPriority() {
        return priorities.lastKey();
    }

    /** Writer: counts a rule; true when the greatest priority is another now. */
    boolean countIn(int priority) {
        boolean greatest = priorities.isEmpty() || priority > priorities.lastKey();
        priorities.merge(priority, 1, Integer::sum);
        return greatest;
    }

    /** Writer: counts a rule out; true when the greatest priority is another now, or there is none. */
    boolean countOut(int priority) {
        priorities.compute(priority, (p, count) -> count == null || count == 1 ? null : count - 1);
        return priorities.isEmpty() || priority > priorities.lastKey();
    }

    int prefixLength(int trie) {
        return prefixLengths[trie];
    }

    /** Any thread: the group of a frame, or null; adds to {@code looked} what it took to know. */
    Rule.@Nullable Group<R> find(FlowKey key, PrefixTrie[] tries, FlowMask looked) {
        long[] words = key.words;
        long chain = 0;
        int last = stages.length - 1;
        for (int i = 0; i <= last; i++) {
            if (i == addressStage && isRuledOut(key, tries, looked)) {
                return null;
            }
            stages[i].addTo(looked);
            chain = chained(chain, stages[i], words);
            if (i < last && !contains(indices[i], FlowHash.finish(chain))) {
                return null;
            }
        }
        return find(words, FlowHash.finish(chain), false);
    }

    /** Whether an address prefix shows that no rule here matches; adds the prefix to {@code looked} if so. */
    private boolean isRuledOut(FlowKey key, PrefixTrie[] tries, FlowMask looked) {
        for (int i = 0; i < tries.length; i++) {
            if (prefixLengths[i] > 0) {
                FlowField field = TRIE_FIELDS[i];
                int bits = tries[i].bitsToMiss(key.getHi(field), key.get(field), prefixLengths[i]);
                if (bits != PrefixTrie.FITS) {
                    looked.prefix(field, bits);
                    return true;
                }
            }
        }
        return false;
    }

    /** The group of words that are packed as the mask is. */
    Rule.@Nullable Group<R> findPacked(long[] packed, int hash) {
        return find(packed, hash, true);
    }

    private Rule.@Nullable Group<R> find(long[] words, int hash, boolean packed) {
        HashSegment<Rule.Group<R>> segment = groups.segment(hash);
        int bucket = HashSegment.firstBucket(hash);
        for (int i = 0; i < 2; i++) {
            for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
                Rule.Group<R> group = segment.element(bucket, map);
                if (group != null && equal(group.words, words, packed)) {
                    return group;
                }
            }
            bucket = HashSegment.secondBucket(hash);
        }
        for (Hashed element : segment.overflow()) {
            @SuppressWarnings("unchecked")
            Rule.Group<R> group = (Rule.Group<R>) element;
            if (equal(group.words, words, packed)) {
                return group;
            }
        }
        return null;
    }

    private boolean equal(long[] own, long[] words, boolean packed) {
        long difference = 0;
        for (int i = 0; i < own.length; i++) {
            difference |= own[i] ^ (packed ? words[i] : words[mask.at[i]] & mask.bits[i]);
        }
        return difference == 0;
    }

    private static boolean contains(HashDirectory<StageHash> index, int hash) {
        return findStage(index, hash) != null;
    }

    private static @Nullable StageHash findStage(HashDirectory<StageHash> index, int hash) {
        HashSegment<StageHash> segment = index.segment(hash);
        int bucket = HashSegment.firstBucket(hash);
        for (int i = 0; i < 2; i++) {
            for (long map = segment.candidates(bucket, hash); map != 0; map &= map - 1) {
                StageHash element = segment.element(bucket, map);
                if (element != null && element.hash == hash) {
                    return element;
                }
            }
            bucket = HashSegment.secondBucket(hash);
        }
        for (Hashed element : segment.overflow()) {
            if (element.hash == hash) {
                return (StageHash) element;
            }
        }
        return null;
    }

    private static long chained(long chain, PackedMask stage, long[] words) {
        return FlowHash.fold(chain ^ stage.longHash(words), CHAIN_SALT);
    }

    /** The hash of a whole masked key. */
    int hash(long[] words) {
        long chain = 0;
        for (PackedMask stage : stages) {
            chain = chained(chain, stage, words);
        }
        return FlowHash.finish(chain);
    }

    /** Writer: a new group; its hash goes into the stages' indices before readers can find it. */
    void add(Rule.Group<R> group, long[] words) {
        long chain = 0;
        for (int i = 0; i < indices.length; i++) {
            chain = chained(chain, stages[i], words);
            int hash = FlowHash.finish(chain);
            StageHash known = findStage(indices[i], hash);
            if (known == null) {
                known = new StageHash(hash);
                indices[i].add(known);
            }
            known.groups++;
        }
        groups.add(group);
    }

    /** Writer: the group has no rules any more. */
    void remove(Rule.Group<R> group, long[] words) {
        groups.remove(group);
        long chain = 0;
        for (int i = 0; i < indices.length; i++) {
            chain = chained(chain, stages[i], words);
            StageHash known = findStage(indices[i], FlowHash.finish(chain));
            if (known != null && --known.groups == 0) {
                indices[i].remove(known);
            }
        }
    }
}
