package io.jvswitch.flowtable.mac;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Locations as a binary heap, the one with most learnt addresses on top. The writer's alone. */
final class FdbLocationHeap {

    private @Nullable FdbLocation[] heap = new FdbLocation[8];
    private int size;

    /** The location with most learnt addresses, or null when none has any. */
    @Nullable
    FdbLocation top() {
        return size == 0 ? null : heap[0];
    }

    /** Finds the location's place again after its number has changed. */
    void update(FdbLocation location) {
        if (location.learnt == 0) {
            if (location.heapAt >= 0) {
                drop(location);
            }
            return;
        }
        if (location.heapAt < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            put(size++, location);
        }
        up(location);
        down(location);
    }

    private void drop(FdbLocation location) {
        int at = location.heapAt;
        location.heapAt = -1;
        size--;
        FdbLocation last = heap[size];
        heap[size] = null;
        if (last != null && last != location) {
            put(at, last);
            up(last);
            down(last);
        }
    }

    private void up(FdbLocation location) {
        int at = location.heapAt;
        while (at > 0) {
            FdbLocation parent = heap[(at - 1) / 2];
            if (parent == null || parent.learnt >= location.learnt) {
                break;
            }
            put(at, parent);
            at = (at - 1) / 2;
        }
        put(at, location);
    }

    private void down(FdbLocation location) {
        int at = location.heapAt;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < size && learnt(child + 1) > learnt(child)) {
                child++;
            }
            FdbLocation larger = child < size ? heap[child] : null;
            if (larger == null || larger.learnt <= location.learnt) {
                break;
            }
            put(at, larger);
            at = child;
        }
        put(at, location);
    }

    private int learnt(int at) {
        FdbLocation location = heap[at];
        return location == null ? 0 : location.learnt;
    }

    private void put(int at, FdbLocation location) {
        heap[at] = location;
        location.heapAt = at;
    }
}
