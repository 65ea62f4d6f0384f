package io.jvswitch.datapath.translate;

import java.util.Collection;

/**
 * The version at which all rules of all tables of all bridges are looked up: one number, so that a batch of changes in
 * many tables is seen as a whole or not at all.
 *
 * <p>The conductor prepares changes for {@link #next}, which no translation sees yet, and then {@link #publish
 * publishes} them; any thread reads. A translation looks everything up at the version that was current when it began.
 */
public final class RuleVersions {

    private volatile long current;

    /** The version that translations which begin now look rules up at. */
    public long current() {
        return current;
    }

    /** The conductor: the version that changes are prepared for. */
    public long next() {
        return current + 1;
    }

    /**
     * The conductor: shows what was prepared.
     *
     * <p>The tables are told after the version is: a verdict that was made between the two is translated once more, and
     * none is kept that should not be. When this returns, every translation that begins from then on sees the new
     * rules, and every verdict of older ones that they concern is stale.
     *
     * @param changed the tables with rules that came or went
     * @return the version published
     */
    public long publish(Collection<TableVersion> changed) {
        long version = current + 1;
        current = version;
        changed.forEach(table -> table.changedAt(version));
        return version;
    }
}
