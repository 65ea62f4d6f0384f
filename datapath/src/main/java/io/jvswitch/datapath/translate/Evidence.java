package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict rests on: what was looked up live, with the versions that it had then, and whose account the frames go
 * to.
 *
 * <p>Nearly every frame asks one MAC table for its source and its destination; that much is kept in fields, and the
 * check at every hit costs two reads. What else there is stands in arrays. One object gathers, an immutable copy stays
 * in the verdict; equal ones are shared.
 */
final class Evidence {

    private static final int SOURCE = 1;
    private static final int DESTINATION = 2;
    private static final Dependency[] NO_DEPENDENCIES = {};
    private static final Credit[] NO_CREDITS = {};
    private static final Sighting[] NO_SIGHTINGS = {};

    /**
     * A MAC table's answer for a destination that the translation has written itself, or that another bridge asked for.
     */
    private record Lookup(Fdb fdb, long mac, int vlan) implements Dependency {
        @Override
        public long version(FlowKey key) {
            return fdb.version(mac, vlan);
        }
    }

    /** A MAC table's answer for the frames' own destination, in another bridge than the first. */
    private record DestinationLookup(Fdb fdb, int vlan) implements Dependency {
        @Override
        public long version(FlowKey key) {
            return fdb.version(key.ethDst(), vlan);
        }
    }

    /** A source MAC that was seen at a place. */
    private record Sighting(Fdb fdb, long mac, int vlan, int location) {
        void touch(long usedNs) {
            if (fdb.lookup(mac, vlan) == location) {
                fdb.touch(mac, vlan, usedNs);
            }
        }
    }

    private @Nullable Fdb fdb;
    private int asked;
    private int vlan;
    private long sourceMac;
    private int sourceLocation;
    private Dependency[] dependencies = NO_DEPENDENCIES;
    private int dependencyCount;
    private Credit[] credits = NO_CREDITS;
    private int creditCount;
    private Sighting[] sightings = NO_SIGHTINGS;
    private int sightingCount;
    private long versions;

    // ---- gathering ----

    void clear() {
        fdb = null;
        asked = 0;
        vlan = 0;
        sourceMac = 0;
        sourceLocation = Locations.NONE;
        dependencyCount = 0;
        creditCount = 0;
        sightingCount = 0;
        versions = 0;
    }

    /**
     * The sum of the versions, each read before what it is of was asked, so that a change in between makes the verdict
     * stale.
     */
    long versions() {
        return versions;
    }

    /** Its version is as given now. */
    void dependOn(Dependency dependency, long version) {
        versions += version;
        if (dependencyCount == dependencies.length) {
            dependencies = Arrays.copyOf(dependencies, Math.max(4, 2 * dependencyCount));
        }
        dependencies[dependencyCount++] = dependency;
    }

    void credit(Credit credit) {
        if (creditCount == credits.length) {
            credits = Arrays.copyOf(credits, Math.max(4, 2 * creditCount));
        }
        credits[creditCount++] = credit;
    }

    /** Whether the fields are free for a question about this table, or are about it already. */
    private boolean isFirst(Fdb table, int inVlan) {
        if (asked == 0) {
            fdb = table;
            vlan = inVlan;
        }
        return fdb == table && vlan == inVlan;
    }

    int lookUpDestination(Fdb table, int inVlan, FlowReader key) {
        long mac = key.get(FlowField.ETH_DST);
        boolean own = key.written().get(FlowField.ETH_DST) == 0;
        if (!own) {
            dependOn(new Lookup(table, mac, inVlan), table.version(mac, inVlan));
        } else if ((asked & DESTINATION) == 0 && isFirst(table, inVlan)) {
            asked |= DESTINATION;
            versions += table.version(mac, inVlan);
        } else {
            dependOn(new DestinationLookup(table, inVlan), table.version(mac, inVlan));
        }
        return table.lookup(mac, inVlan);
    }

    boolean creditSource(Fdb table, int inVlan, int location, long mac) {
        if ((asked & SOURCE) == 0 && isFirst(table, inVlan)) {
            asked |= SOURCE;
            sourceMac = mac;
            sourceLocation = location;
            versions += table.version(mac, inVlan);
        } else {
            dependOn(new Lookup(table, mac, inVlan), table.version(mac, inVlan));
            if (sightingCount == sightings.length) {
                sightings = Arrays.copyOf(sightings, Math.max(2, 2 * sightingCount));
            }
            sightings[sightingCount++] = new Sighting(table, mac, inVlan, location);
        }
        return table.lookup(mac, inVlan) == location;
    }

    /** What was gathered, for a verdict to keep. */
    Evidence copy() {
        Evidence copy = new Evidence();
        copy.fdb = fdb;
        copy.asked = asked;
        copy.vlan = vlan;
        copy.sourceMac = sourceMac;
        copy.sourceLocation = sourceLocation;
        copy.dependencies = dependencyCount == 0 ? NO_DEPENDENCIES : Arrays.copyOf(dependencies, dependencyCount);
        copy.dependencyCount = dependencyCount;
        copy.credits = creditCount == 0 ? NO_CREDITS : Arrays.copyOf(credits, creditCount);
        copy.creditCount = creditCount;
        copy.sightings = sightingCount == 0 ? NO_SIGHTINGS : Arrays.copyOf(sightings, sightingCount);
        copy.sightingCount = sightingCount;
        return copy;
    }

    /** Whether another one is the same, but for versions. */
    boolean isSame(Evidence other) {
        return fdb == other.fdb
                && asked == other.asked
                && vlan == other.vlan
                && sourceMac == other.sourceMac
                && sourceLocation == other.sourceLocation
                && dependencyCount == other.dependencyCount
                && creditCount == other.creditCount
                && sightingCount == other.sightingCount
                && same(dependencies, other.dependencies, dependencyCount)
                && same(credits, other.credits, creditCount)
                && same(sightings, other.sightings, sightingCount);
    }

    private static boolean same(Object[] own, Object[] others, int count) {
        for (int i = 0; i < count; i++) {
            if (!own[i].equals(others[i])) {
                return false;
            }
        }
        return true;
    }

    /** The hash of all that {@link #isSame} compares. */
    long hash() {
        long hash = ((sourceLocation * 31L + vlan) * 31 + asked) * 31 + Objects.hashCode(fdb);
        for (int i = 0; i < dependencyCount; i++) {
            hash = hash * 31 + dependencies[i].hashCode();
        }
        for (int i = 0; i < creditCount; i++) {
            hash = hash * 31 + credits[i].hashCode();
        }
        return hash * 0x9e37_79b9_7f4a_7c15L ^ sourceMac;
    }

    // ---- as a verdict's ----

    boolean creditsSource() {
        return (asked & SOURCE) != 0 || sightingCount > 0;
    }

    /**
     * The sum of the versions as they are now.
     *
     * @param key of a frame of the flow, or the flow's own
     */
    long currentVersions(FlowKey key) {
        long sum = 0;
        Fdb table = fdb;
        if (table != null) {
            if ((asked & SOURCE) != 0) {
                sum += table.version(sourceMac, vlan);
            }
            if ((asked & DESTINATION) != 0) {
                sum += table.version(key.ethDst(), vlan);
            }
        }
        for (int i = 0; i < dependencyCount; i++) {
            sum += dependencies[i].version(key);
        }
        return sum;
    }

    /** Puts what a megaflow has counted to everybody's account. */
    void settle(int worker, long frames, long bytes, long usedNs) {
        Fdb table = fdb;
        if (table != null && (asked & SOURCE) != 0 && table.lookup(sourceMac, vlan) == sourceLocation) {
            table.touch(sourceMac, vlan, usedNs);
        }
        for (int i = 0; i < sightingCount; i++) {
            sightings[i].touch(usedNs);
        }
        for (int i = 0; i < creditCount; i++) {
            credits[i].add(worker, frames, bytes, usedNs);
        }
    }
}
