package io.jvswitch.dhcp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Leases by the time at which their state ends: a binary heap in which each lease knows its index, so that a renewal
 * moves it in a few steps. Grows by doubling, never shrinks: it holds at most one entry for each address.
 * Single-threaded.
 *
 * <p>It is a heap rather than a queue per kind of deadline, because lease times change with the configuration and wall
 * clocks are adjusted.
 */
final class DeadlineHeap {

    private static final int INITIAL_CAPACITY = 64;

    private @Nullable Lease[] heap = new Lease[INITIAL_CAPACITY];
    private int size;

    /** Adds a lease, or moves it after its deadline changed. */
    void put(Lease lease) {
        if (lease.heapIndex < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            lease.heapIndex = size++;
        }
        siftDown(siftUp(lease.heapIndex, lease), lease);
    }

    /** Removes a lease; does nothing when it is not in the heap. */
    void remove(Lease lease) {
        int hole = lease.heapIndex;
        if (hole < 0) {
            return;
        }
        lease.heapIndex = -1;
        size--;
        Lease moved = heap[size];
        heap[size] = null;
        if (moved != null && moved != lease) {
            siftDown(siftUp(hole, moved), moved);
        }
    }

    /** The lease whose state ends first, or null. */
    @Nullable
    Lease first() {
        return heap[0];
    }

    private int siftUp(int from, Lease lease) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / 2;
            Lease above = heap[parent];
            if (above == null || above.untilEpochMs <= lease.untilEpochMs) {
                break;
            }
            set(index, above);
            index = parent;
        }
        set(index, lease);
        return index;
    }

    private void siftDown(int from, Lease lease) {
        int index = from;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && until(child + 1) < until(child)) {
                child++;
            }
            Lease below = heap[child];
            if (below == null || below.untilEpochMs >= lease.untilEpochMs) {
                break;
            }
            set(index, below);
            index = child;
        }
        set(index, lease);
    }

    private long until(int index) {
        Lease lease = heap[index];
        return lease == null ? Long.MAX_VALUE : lease.untilEpochMs;
    }

    private void set(int index, Lease lease) {
        heap[index] = lease;
        lease.heapIndex = index;
    }
}
