package io.jvswitch.flowtable.classifier;

import io.jvswitch.flowtable.hash.Hashed;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.MatchText;
import io.jvswitch.flowtable.key.PackedMask;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a {@link RuleTable}: the frames that it is for, how it ranks, and what the table's user makes of it.
 *
 * <p>Seen by look-ups of versions from {@link #addedVersion()} on and before {@link #removedVersion()}. Immutable but
 * for the latter; any thread may read.
 *
 * @param <R> the user's value
 */
public final class Rule<R> extends Hashed {

    /** {@link #removedVersion()} of a rule that nobody has removed. */
    public static final long NEVER = Long.MAX_VALUE;

    private final RuleSubtable<R> subtable;
    private final long[] words;
    private final int priority;
    private final R value;
    private final long addedVersion;
    private volatile long removedVersion = NEVER;

    Rule(RuleSubtable<R> subtable, int hash, long[] words, int priority, R value, long addedVersion) {
        super(hash);
        this.subtable = subtable;
        this.words = words;
        this.priority = priority;
        this.value = value;
        this.addedVersion = addedVersion;
    }

    /** What the rule carries. */
    public R value() {
        return value;
    }

    /** The greater wins. */
    public int priority() {
        return priority;
    }

    /** The first version that sees the rule. */
    public long addedVersion() {
        return addedVersion;
    }

    /** The first version that does not see it any more, or {@link #NEVER}. */
    public long removedVersion() {
        return removedVersion;
    }

    /** Whether a look-up of this version sees the rule. */
    public boolean isVisible(long version) {
        return addedVersion <= version && version < removedVersion;
    }

    void hideFrom(long version) {
        removedVersion = version;
    }

    RuleSubtable<R> subtable() {
        return subtable;
    }

    /** The masked key, packed as the subtable's mask is. */
    long[] words() {
        return words;
    }

    /** The values that the rule asks for; fields that its mask does not look at are 0. */
    public void copyKeyTo(FlowKey key) {
        key.clear();
        PackedMask mask = subtable.mask();
        for (int i = 0; i < words.length; i++) {
            key.setWord(mask.at[i], words[i]);
        }
    }

    /** What the rule looks at: a copy. */
    public FlowMask mask() {
        return subtable.mask().toMask();
    }

    /**
     * Whether the rule is for the same frames as {@code (key, mask)}, or for some of them: what OpenFlow's loose delete
     * asks.
     */
    boolean isWithin(FlowKey key, FlowMask mask) {
        PackedMask own = subtable.mask();
        if (!own.covers(mask)) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (((words[i] ^ key.words[own.at[i]]) & mask.words[own.at[i]]) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        FlowKey key = new FlowKey();
        copyKeyTo(key);
        String match = MatchText.format(key, mask());
        return "priority=" + priority + (match.isEmpty() ? "" : ",") + match + " " + value;
    }

    /** The rules of one masked key, best first; the writer replaces the array. */
    static final class Group<R> extends Hashed {

        final long[] words;
        volatile Rule<R>[] rules;

        Group(int hash, long[] words, Rule<R>[] rules) {
            super(hash);
            this.words = words;
            this.rules = rules;
        }

        /** Any thread: the best rule that a version sees. */
        @Nullable
        Rule<R> best(long version) {
            for (Rule<R> rule : rules) {
                if (rule.isVisible(version)) {
                    return rule;
                }
            }
            return null;
        }
    }
}
