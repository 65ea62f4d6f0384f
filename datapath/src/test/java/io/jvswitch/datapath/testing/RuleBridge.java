package io.jvswitch.datapath.testing;

import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.RuleVersions;
import io.jvswitch.datapath.translate.TableVersion;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.flowtable.classifier.Rule;
import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A brain beside NORMAL: a bridge with tables of rules, as OpenFlow has them, each rule with counters of its own. The
 * test is its controller.
 */
public final class RuleBridge implements Bridge {

    /** What a rule does, and what it has counted. */
    public static final class Entry {
        private final Credit credit;
        private final Consumer<Translation> actions;

        private Entry(Credit credit, Consumer<Translation> actions) {
            this.credit = credit;
            this.actions = actions;
        }

        /** Frames, bytes and last use, as far as workers have told. */
        public Credit credit() {
            return credit;
        }
    }

    private static final int CAPACITY = 1_024;

    private final int id;
    private final int workers;
    private final RuleVersions versions;
    private final List<RuleTable<Entry>> tables = new ArrayList<>();
    private final List<TableVersion> changed = new ArrayList<>();
    private final List<Credit> misses = new ArrayList<>();
    private final Set<TableVersion> pending = new LinkedHashSet<>();
    private final AtomicInteger translations = new AtomicInteger();

    /** A bridge with that many empty tables, in a switch with that many workers. */
    public RuleBridge(int id, int tableCount, int workers, RuleVersions versions) {
        this.id = id;
        this.workers = workers;
        this.versions = versions;
        for (int i = 0; i < tableCount; i++) {
            tables.add(new RuleTable<>(CAPACITY));
            changed.add(new TableVersion());
            misses.add(new Credit(workers, 0));
        }
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return "br" + id;
    }

    @Override
    public long version() {
        long sum = 0;
        for (TableVersion table : changed) {
            sum += table.changedAcquire();
        }
        return sum;
    }

    @Override
    public Translator translator() {
        return this::translate;
    }

    // ---- the controller's ----

    /** A match: fields and values in turn. */
    public static FlowKey match(FlowMask mask, Object... fieldsAndValues) {
        FlowKey key = new FlowKey();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            FlowField field = (FlowField) fieldsAndValues[i];
            key.set(field, ((Number) fieldsAndValues[i + 1]).longValue());
            mask.exact(field);
        }
        return key;
    }

    /** Adds or replaces a rule, which shows with the next {@link #publish}. */
    public Entry add(int table, int priority, Consumer<Translation> actions, Object... fieldsAndValues) {
        FlowMask mask = new FlowMask();
        FlowKey key = match(mask, fieldsAndValues);
        Entry entry = new Entry(new Credit(workers, 0), actions);
        if (tables.get(table).insert(key, mask, priority, entry, versions.next()) == null) {
            throw new IllegalStateException("table " + table + " is full");
        }
        pending.add(changed.get(table));
        return entry;
    }

    /** Removes a rule, which shows with the next {@link #publish}. */
    public void remove(int table, int priority, Object... fieldsAndValues) {
        FlowMask mask = new FlowMask();
        FlowKey key = match(mask, fieldsAndValues);
        if (!tables.get(table).removeStrict(key, mask, priority, versions.next())) {
            throw new IllegalStateException("no such rule in table " + table);
        }
        pending.add(changed.get(table));
    }

    /** Shows the changes of this bridge and of others with the same versions at once. */
    public void publish(RuleBridge... others) {
        for (RuleBridge other : others) {
            pending.addAll(other.pending);
            other.pending.clear();
        }
        versions.publish(pending);
        pending.clear();
    }

    /** Frames that no rule of the table was for. */
    public Credit misses(int table) {
        return misses.get(table);
    }

    /** The rules themselves. */
    public RuleTable<Entry> table(int number) {
        return tables.get(number);
    }

    /** How often a translation began here. */
    public int translations() {
        return translations.get();
    }

    // ---- workers ----

    private void translate(Translation step) {
        translations.incrementAndGet();
        look(step, 0);
    }

    /** What OpenFlow's resubmit does. */
    public void resubmit(Translation step, int table) {
        if (step.descend()) {
            look(step, table);
            step.ascend();
        }
    }

    private void look(Translation step, int table) {
        step.dependOn(changed.get(table));
        @Nullable Rule<Entry> rule = tables.get(table).lookup(step.key(), step.rulesVersion());
        if (step.tracing()) {
            step.sayRule(table, rule == null ? null : rule.toString());
        }
        if (rule == null) {
            step.credit(misses.get(table));
        } else {
            step.credit(rule.value().credit);
            rule.value().actions.accept(step);
        }
    }
}
