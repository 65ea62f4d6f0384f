package io.jvswitch.flowtable.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A set of hashed objects that one thread writes and any number of threads read without waiting: extendible hashing
 * (Fagin et al., 1979) over {@link HashSegment segments} of 256 places.
 *
 * <p>The leading bits of a hash choose an entry of the directory, the entry names a segment. A segment that is full is
 * split in two by its next bit; when it had as many bits as the directory, the directory's array is doubled first. So
 * growth costs one segment at a time (some microseconds), never the whole table; the directory, a reference for each
 * 256 places, is copied 16 times on the way to sixteen million entries. Segments that became nearly empty are joined
 * again.
 *
 * <p>Readers load the directory (acquire), take the segment, and compare candidates; this is wait-free: at most two
 * buckets and the (normally empty) overflow are looked at. A reader that still holds a segment that was split or joined
 * meanwhile sees the state at that moment, which is a moment within its call. Replaced arrays are left to the garbage
 * collector, the only safe judge of who still reads.
 */
public final class HashDirectory<E extends Hashed> {

    /** Leading hash bits that the directory uses at most. */
    static final int MAX_DEPTH = 16;

    /** Two siblings with fewer elements than this together are joined. */
    private static final int JOIN_BELOW = HashSegment.SLOTS / 4;

    private static final VarHandle SEGMENTS = MethodHandles.arrayElementVarHandle(HashSegment[].class);

    private volatile HashSegment<E>[] segments = directory(1);
    private int size;

    public HashDirectory() {
        segments[0] = new HashSegment<>(0, HashSegment.FIRST_BUCKETS);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <E extends Hashed> HashSegment<E>[] directory(int length) {
        return (HashSegment<E>[]) new HashSegment[length];
    }

    /** Elements; exact for the writer. */
    public int size() {
        return size;
    }

    /** Any thread: the segment in which an element of this hash would be. */
    @SuppressWarnings("unchecked")
    public HashSegment<E> segment(int hash) {
        HashSegment<E>[] directory = segments;
        return (HashSegment<E>) SEGMENTS.getAcquire(directory, index(hash, directory.length));
    }

    /** Writer: the directory as it is now, for {@link #ownSegment}; valid until the next change. */
    public HashSegment<E>[] ownSegments() {
        return segments;
    }

    /** Writer: {@link #segment}, without the order of memory that other threads need. */
    public static <E extends Hashed> HashSegment<E> ownSegment(HashSegment<E>[] directory, int hash) {
        return directory[index(hash, directory.length)];
    }

    private static int index(int hash, int length) {
        return hash >>> 1 >>> Integer.numberOfLeadingZeros(length);
    }

    /** Writer: adds an element that is not in the set. */
    public void add(E element) {
        HashSegment<E> segment = segment(element.hash);
        while (!segment.add(element)) {
            if (segment.isSmall()) {
                publish(segments, 0, segments.length, segment.grown());
                segment = segment(element.hash);
                continue;
            }
            if (segment.depth == MAX_DEPTH) {
                segment.addOverflow(element);
                break;
            }
            split(segment, element.hash);
            segment = segment(element.hash);
        }
        size++;
    }

    /** Writer: takes an element out; false when it is not in the set. */
    public boolean remove(E element) {
        HashSegment<E> segment = segment(element.hash);
        if (!segment.remove(element)) {
            return false;
        }
        size--;
        if (segment.depth > 0 && segment.size() < JOIN_BELOW / 2) {
            join(segment, element.hash);
        }
        return true;
    }

    /** Writer: segments in use; walks the directory. */
    int segmentCount() {
        HashSegment<E>[] directory = segments;
        int count = 0;
        for (int i = 0; i < directory.length; i += directory.length >>> directory[i].depth) {
            count++;
        }
        return count;
    }

    private void split(HashSegment<E> full, int hash) {
        HashSegment<E>[] directory = segments;
        int length = directory.length;
        if (1 << full.depth == length) {
            HashSegment<E>[] before = directory;
            directory = directory(2 * length);
            for (int i = 0; i < 2 * length; i++) {
                directory[i] = before[i >>> 1];
            }
            segments = directory;
        }
        int span = directory.length >>> full.depth;
        int from = index(hash, directory.length) & -span;
        publish(directory, from, span / 2, full.half(0));
        publish(directory, from + span / 2, span / 2, full.half(1));
    }

    private void join(HashSegment<E> segment, int hash) {
        HashSegment<E>[] directory = segments;
        int span = directory.length >>> segment.depth;
        int from = index(hash, directory.length) & -span;
        HashSegment<E> sibling = directory[from ^ span];
        if (sibling.depth != segment.depth || sibling.size() + segment.size() >= JOIN_BELOW) {
            return;
        }
        HashSegment<E> whole = segment.joined(sibling);
        if (whole != null) {
            publish(directory, from & ~span, 2 * span, whole);
        }
    }

    /**
     * Each entry by itself is either the old segment or the new: no reader needs to see the whole range change at once.
     */
    private static <E extends Hashed> void publish(
            HashSegment<E>[] directory, int from, int count, HashSegment<E> segment) {
        for (int i = from; i < from + count; i++) {
            SEGMENTS.setRelease(directory, i, segment);
        }
    }
}
