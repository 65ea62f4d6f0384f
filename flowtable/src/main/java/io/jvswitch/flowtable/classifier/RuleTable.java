package io.jvswitch.flowtable.classifier;

import io.jvswitch.flowtable.hash.Roster;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.key.LookupStage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The priority classifier: of all rules that match a frame the one with the greatest priority, and what had to be
 * looked at to know that.
 *
 * <p>Rules of one mask share a subtable; subtables are searched in the order of their greatest priority, until none can
 * beat what was found. Three things keep the answer's mask small, and with it the number of megaflows that follow from
 * it:
 *
 * <ul>
 *   <li>a subtable that cannot win is not looked at;
 *   <li>a subtable is searched in {@link LookupStage stages} (metadata, layer 2, 3, 4): a frame that no rule of it
 *       wants for its layer 2 does not get its ports looked at;
 *   <li>where a subtable's mask has a prefix of an IP address, a {@link PrefixTrie} of all such prefixes tells how many
 *       leading bits show that there is no match.
 * </ul>
 *
 * <p><b>The law:</b> a frame that agrees with another in every bit that the other's look-up reported gets the same
 * rule.
 *
 * <p><b>Versions.</b> A rule is seen by look-ups of versions from the one that it was inserted for to the one that it
 * was removed for. So a batch of changes shows at once when its version is published, and a translation sees one state
 * however long it takes. {@link #purge} drops the rules that no reader can see any more.
 *
 * <p><b>Threads.</b> One writer; {@link #lookup}, {@link #forEach} and {@link #size} may be called by any thread and
 * are wait-free. A look-up of a version whose changes are complete, and that was published to the reader with at least
 * release and acquire, sees exactly that version.
 *
 * @param <R> what the rules carry
 */
public final class RuleTable<R> {

    /** A version that sees every rule that was not removed. */
    public static final long NEWEST = Rule.NEVER - 1;

    /**
     * Subtables by greatest priority. The numbers are copied, so that an order that is replaced stays true to itself.
     */
    private static final class Order<R> {
        final RuleSubtable<R>[] subtables;
        final int[] priorities;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Order(Map<FlowMask, RuleSubtable<R>> byMask) {
            subtables = byMask.values().toArray(new RuleSubtable[0]);
            Arrays.sort(subtables, (a, b) -> Integer.compare(b.maxPriority(), a.maxPriority()));
            priorities =
                    Arrays.stream(subtables).mapToInt(RuleSubtable::maxPriority).toArray();
        }
    }

    private final int capacity;
    /** Rules that replace others have seats beyond the capacity, while old versions still need the others. */
    private final Roster<Rule<R>> roster;

    private final Map<FlowMask, RuleSubtable<R>> byMask = new LinkedHashMap<>();
    private final PrefixTrie[] tries = new PrefixTrie[RuleSubtable.TRIE_FIELDS.length];
    private final Queue<Rule<R>> hidden = new ArrayDeque<>();
    private volatile Order<R> order = new Order<>(byMask);

    /**
     * An empty table.
     *
     * @param capacity rules that it holds at most, those not yet purged included; what replaces another comes on top
     *     until the purge
     */
    public RuleTable(int capacity) {
        if (capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException(
                    "capacity of the rule table is " + capacity + ": must be 1 to " + (1 << 24));
        }
        this.capacity = capacity;
        roster = new Roster<>(2 * capacity);
        Arrays.setAll(tries, i -> new PrefixTrie());
    }

    /**
     * Any thread: the best rule for a frame as a translation has it now, of those that a version sees. The reader notes
     * what was looked at less what the translation itself has written: frames of one megaflow were written alike, so
     * those bits cannot tell them apart.
     */
    public @Nullable Rule<R> lookup(FlowReader reader, long version) {
        Rule<R> rule = lookup(reader.current(), version, reader.startLooking());
        reader.endLooking();
        return rule;
    }

    /**
     * Any thread: the best rule for a frame, of those that a version sees; of several with the greatest priority any,
     * but always the same.
     *
     * @param looked gets the bits that were looked at, found or not; not cleared here
     */
    public @Nullable Rule<R> lookup(FlowKey key, long version, FlowMask looked) {
        Order<R> now = order;
        Rule<R> best = null;
        for (int i = 0; i < now.subtables.length; i++) {
            if (best != null && best.priority() >= now.priorities[i]) {
                break;
            }
            Rule.Group<R> group = now.subtables[i].find(key, tries, looked);
            Rule<R> rule = group == null ? null : group.best(version);
            if (rule != null && (best == null || rule.priority() > best.priority())) {
                best = rule;
            }
        }
        return best;
    }

    /**
     * Writer: adds a rule; it takes the place of the one that has the same mask, masked key and priority.
     *
     * @param key only what the mask looks at counts
     * @param priority the greater wins
     * @param version the first version that is to see the rule, and the first not to see the one that it replaces
     * @return the rule, or null when the table is full; a full table takes replacements, as many as it has places until
     *     the next {@link #purge}
     */
    public @Nullable Rule<R> insert(FlowKey key, FlowMask mask, int priority, R value, long version) {
        Rule<R> replaced = findStrict(key, mask, priority);
        if (replaced == null ? roster.size() >= capacity : roster.isFull()) {
            return null;
        }
        RuleSubtable<R> subtable = byMask.get(mask);
        if (subtable == null) {
            FlowMask own = new FlowMask().copyFrom(mask);
            subtable = new RuleSubtable<>(own);
            byMask.put(own, subtable);
        }
        long[] packed = subtable.mask().pack(key.words);
        Rule<R> rule = new Rule<>(subtable, subtable.hash(key.words), packed, priority, value, version);
        for (int i = 0; i < tries.length; i++) {
            int length = subtable.prefixLength(i);
            if (length > 0) {
                FlowField field = RuleSubtable.TRIE_FIELDS[i];
                tries[i].add(key.getHi(field), key.get(field), length);
            }
        }
        roster.add(rule);
        addToGroup(subtable, rule, key.words);
        if (subtable.countIn(priority)) {
            order = new Order<>(byMask);
        }
        if (replaced != null) {
            remove(replaced, version);
        }
        return rule;
    }

    private static <R> void addToGroup(RuleSubtable<R> subtable, Rule<R> rule, long[] words) {
        Rule.Group<R> group = subtable.findPacked(rule.words(), rule.hash);
        if (group == null) {
            subtable.add(new Rule.Group<>(rule.hash, rule.words(), arrayOf(rule)), words);
            return;
        }
        Rule<R>[] before = group.rules;
        Rule<R>[] after = Arrays.copyOf(before, before.length + 1);
        int at = 0;
        while (at < before.length && before[at].priority() > rule.priority()) {
            at++;
        }
        after[at] = rule;
        System.arraycopy(before, at, after, at + 1, before.length - at);
        group.rules = after;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <R> Rule<R>[] arrayOf(Rule<R> rule) {
        return (Rule<R>[]) new Rule[] {rule};
    }

    /**
     * Writer: the rule that has this mask, masked key and priority and was not removed, or null (OpenFlow's "strict").
     */
    public @Nullable Rule<R> findStrict(FlowKey key, FlowMask mask, int priority) {
        RuleSubtable<R> subtable = byMask.get(mask);
        if (subtable == null) {
            return null;
        }
        Rule.Group<R> group = subtable.findPacked(subtable.mask().pack(key.words), subtable.hash(key.words));
        if (group != null) {
            for (Rule<R> rule : group.rules) {
                if (rule.priority() == priority && rule.removedVersion() == Rule.NEVER) {
                    return rule;
                }
            }
        }
        return null;
    }

    /**
     * Writer: visits the rules that were not removed and are for the same frames as {@code (key, mask)} or for some of
     * them, whatever their priority (OpenFlow's "loose"). The visitor may remove them.
     */
    public void forEachLoose(FlowKey key, FlowMask mask, Consumer<? super Rule<R>> visitor) {
        forEach(rule -> {
            if (rule.removedVersion() == Rule.NEVER && rule.isWithin(key, mask)) {
                visitor.accept(rule);
            }
        });
    }

    /**
     * Writer: hides the rules that {@link #forEachLoose} would visit from a version on.
     *
     * @return rules hidden
     */
    public int removeLoose(FlowKey key, FlowMask mask, long version) {
        int before = hidden.size();
        forEachLoose(key, mask, rule -> remove(rule, version));
        return hidden.size() - before;
    }

    /** Writer: hides the rule that {@link #findStrict} gives from a version on; false when there is none. */
    public boolean removeStrict(FlowKey key, FlowMask mask, int priority, long version) {
        Rule<R> rule = findStrict(key, mask, priority);
        return rule != null && remove(rule, version);
    }

    /** Writer: hides a rule from a version on; false when it was removed before. */
    public boolean remove(Rule<R> rule, long version) {
        if (rule.seat < 0 || rule.removedVersion() != Rule.NEVER) {
            return false;
        }
        rule.hideFrom(version);
        hidden.add(rule);
        return true;
    }

    /**
     * Writer: drops hidden rules for good.
     *
     * @param oldestVersion no reader looks up, or will look up, with an older version
     * @param budget rules dropped at most
     * @return rules dropped
     */
    public int purge(long oldestVersion, int budget) {
        int dropped = 0;
        for (Rule<R> rule = hidden.peek();
                rule != null && dropped < budget && rule.removedVersion() <= oldestVersion;
                rule = hidden.peek()) {
            hidden.remove();
            drop(rule);
            dropped++;
        }
        return dropped;
    }

    private void drop(Rule<R> rule) {
        RuleSubtable<R> subtable = rule.subtable();
        FlowKey key = new FlowKey();
        rule.copyKeyTo(key);
        removeFromGroup(subtable, rule, key.words);
        roster.remove(rule);
        for (int i = 0; i < tries.length; i++) {
            int length = subtable.prefixLength(i);
            if (length > 0) {
                FlowField field = RuleSubtable.TRIE_FIELDS[i];
                tries[i].remove(key.getHi(field), key.get(field), length);
            }
        }
        boolean reorder = subtable.countOut(rule.priority());
        if (subtable.isEmpty()) {
            byMask.remove(subtable.mask().toMask());
        }
        if (reorder) {
            order = new Order<>(byMask);
        }
    }

    private static <R> void removeFromGroup(RuleSubtable<R> subtable, Rule<R> rule, long[] words) {
        Rule.Group<R> group = subtable.findPacked(rule.words(), rule.hash);
        if (group == null) {
            throw new IllegalStateException("rule is not in its group: " + rule);
        }
        if (group.rules.length == 1) {
            subtable.remove(group, words);
        } else {
            group.rules = Arrays.stream(group.rules)
                    .filter(other -> !other.equals(rule))
                    .toArray(length -> Arrays.copyOf(group.rules, length));
        }
    }

    /** Any thread: visits all rules, hidden ones that were not purged yet included. */
    public void forEach(Consumer<? super Rule<R>> visitor) {
        roster.forEach(visitor);
    }

    /** Any thread: rules in the table, hidden ones that were not purged yet included. */
    public int size() {
        return roster.size();
    }

    /** Any thread: rules that the table holds at most. */
    public int capacity() {
        return capacity;
    }

    /** Any thread: different masks among the rules. */
    public int masks() {
        return order.subtables.length;
    }
}
