package io.jvswitch.flowtable.mac;

import org.jspecify.annotations.Nullable;

/** The learnt addresses of one location, oldest first. The writer's alone. */
final class FdbLocation {

    final int location;
    /** Entries in the list. */
    int learnt;
    /** Static entries; they are not in the list. */
    int bound;
    /** Position in the {@link FdbLocationHeap}, -1 while not in it. */
    int heapAt = -1;

    @Nullable
    FdbEntry oldest;

    private @Nullable FdbEntry youngest;

    FdbLocation(int location) {
        this.location = location;
    }

    boolean isEmpty() {
        return learnt + bound == 0;
    }

    void append(FdbEntry entry) {
        entry.queuedNs = entry.seenNs;
        entry.younger = null;
        entry.older = youngest;
        if (youngest == null) {
            oldest = entry;
        } else {
            youngest.younger = entry;
        }
        youngest = entry;
        learnt++;
    }

    void unlink(FdbEntry entry) {
        if (entry.older == null) {
            oldest = entry.younger;
        } else {
            entry.older.younger = entry.younger;
        }
        if (entry.younger == null) {
            youngest = entry.older;
        } else {
            entry.younger.older = entry.older;
        }
        entry.older = null;
        entry.younger = null;
        learnt--;
    }
}
