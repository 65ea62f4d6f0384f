package io.jvswitch.dhcp;

import org.jspecify.annotations.Nullable;

/**
 * Leases in the order in which they were added, linked through the leases themselves: adding and removing anywhere
 * costs the same few stores. A lease is in at most one such list. Single-threaded.
 */
final class LeaseList {

    private @Nullable Lease first;
    private @Nullable Lease last;
    private int size;

    void add(Lease lease) {
        lease.previousInList = last;
        lease.nextInList = null;
        if (last == null) {
            first = lease;
        } else {
            last.nextInList = lease;
        }
        last = lease;
        size++;
    }

    /** Removes a lease that is in this list. */
    void remove(Lease lease) {
        Lease before = lease.previousInList;
        Lease behind = lease.nextInList;
        if (before == null) {
            first = behind;
        } else {
            before.nextInList = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.previousInList = before;
        }
        lease.previousInList = null;
        lease.nextInList = null;
        size--;
    }

    /** The lease added longest ago, or null. */
    @Nullable
    Lease first() {
        return first;
    }

    int size() {
        return size;
    }
}
