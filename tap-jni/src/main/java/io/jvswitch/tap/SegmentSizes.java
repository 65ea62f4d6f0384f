package io.jvswitch.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows about the superframes among a raw socket's packets: how large the segments are that it merged,
 * or that the sender left unsegmented. A filter program on the socket (segments.c) notes each superframe in a ring
 * buffer that the kernel shares with us:
 *
 * <pre>
 *   0  state          8    the ring's own; the first bit is set while the note is being written
 *   8  segment size   4
 *  12  length         4    of the packet, as the socket delivers it
 *  16  key           48    its first bytes
 * </pre>
 *
 * <p>A note is written before its packet arrives, and the notes are nearly in the packets' order: several processors
 * may overtake each other in between. Notes of packets that the socket then had no room for, or that a later firewall
 * rule dropped, remain, and are discarded when later ones are looked up, or when the socket has run empty.
 *
 * <p>While nothing is merged, a burst costs one read of shared memory. Owned by one worker; allocates nothing after
 * construction. The memory is unmapped when this object is unreachable, never during a call.
 */
final class SegmentSizes {

    /**
     * Bytes of a packet that a note holds: an outer IPv4 header with its identification, or an inner one, lies in them.
     */
    static final int KEY_BYTES = 48;

    /** Bytes that the ring buffer puts before each note. */
    private static final int STATE_BYTES = 8;
    /** A note as segments.c writes it. */
    static final int NOTE_BYTES = 56;
    /** Distance from one note to the next: a cache line. */
    private static final int STRIDE_BYTES = STATE_BYTES + NOTE_BYTES;

    private static final int SIZE = STATE_BYTES;
    private static final int LENGTH = STATE_BYTES + 4;
    private static final int KEY = STATE_BYTES + 8;
    static final int PLACES_BYTES = 32;
    private static final int BUSY = 0x8000_0000;

    /** How far out of order notes may be: no host has this many processors between a filter and its socket. */
    private static final int DISORDER = 64;

    private static final VarHandle LONGS = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INTS = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment notes;
    /** For each note in the ring: its packet's length, 0 once it was taken. */
    private final int[] lengths;

    /**
     * Note numbers, counted from the beginning: the first that may still be looked up, and the one after the last that
     * was read.
     */
    private long first;

    private long next;
    /** The number after the last note that was there when the socket was last empty. */
    private long stale;

    private SegmentSizes(MemorySegment consumer, MemorySegment producer, MemorySegment notes) {
        this.consumer = consumer;
        this.producer = producer;
        this.notes = notes;
        lengths = new int[Math.toIntExact(notes.byteSize() / STRIDE_BYTES)];
    }

    /**
     * Watches a socket. Null where the kernel does not let us: it has no such programs (before 5.8), or we lack
     * CAP_BPF.
     */
    static @Nullable SegmentSizes watch(int fd) {
        int ring = NativeCalls.segmentsWatch(fd);
        if (ring < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = arena.allocate(PLACES_BYTES, Long.BYTES);
            int bytes = NativeCalls.segmentsMap(ring, places.address());
            return bytes < 0 ? null : of(places, bytes);
        } finally {
            NativeCalls.close(ring); // the socket and the mapping keep the ring
        }
    }

    private static SegmentSizes of(MemorySegment places, int bytes) {
        long start = places.get(ValueLayout.JAVA_LONG, 0);
        long producerAt = places.get(ValueLayout.JAVA_LONG, 8) - start;
        long notesAt = places.get(ValueLayout.JAVA_LONG, 16) - start;
        long all = places.get(ValueLayout.JAVA_LONG, 24);
        MemorySegment memory = MappedMemory.of(start, all);
        return new SegmentSizes(
                memory.asSlice(0, Long.BYTES), memory.asSlice(producerAt, Long.BYTES), memory.asSlice(notesAt, bytes));
    }

    /**
     * Reads new notes: after a receive, and before its packets are looked up.
     *
     * @return whether there are any notes
     */
    boolean read() {
        long end = producerAcquire() / STRIDE_BYTES;
        while (next < end) {
            long at = place(next);
            int state = stateAcquire(at);
            if ((state & BUSY) != 0) {
                break;
            }
            lengths[slot(next)] = notes.get(ValueLayout.JAVA_INT, at + LENGTH);
            next++;
        }
        return first < next;
    }

    /**
     * The segment size of a packet, 0 for one that is not a superframe.
     *
     * @param at where in the segment the packet begins, as the socket delivered it
     */
    int take(MemorySegment segment, int at, int length) {
        if (length < KEY_BYTES) {
            return 0;
        }
        for (long i = first; i < next; i++) {
            if (lengths[slot(i)] == length
                    && MemorySegment.mismatch(
                                    notes, place(i) + KEY, place(i) + KEY + KEY_BYTES, segment, at, at + KEY_BYTES)
                            < 0) {
                int size = notes.get(ValueLayout.JAVA_INT, place(i) + SIZE);
                lengths[slot(i)] = 0;
                forget(i - DISORDER);
                return size;
            }
        }
        return 0;
    }

    /** The socket has run empty: notes written before it last did will not find their packets any more. */
    void drained() {
        forget(stale);
        stale = next;
    }

    /** Releases all notes before the given one, and those after it that were taken. */
    private void forget(long before) {
        long kept = Math.max(first, before);
        while (kept < next && lengths[slot(kept)] == 0) {
            kept++;
        }
        if (kept > first) {
            first = kept;
            LONGS.setRelease(consumer, 0L, kept * STRIDE_BYTES);
        }
    }

    private int slot(long note) {
        return (int) note & lengths.length - 1;
    }

    private long place(long note) {
        return (long) slot(note) * STRIDE_BYTES;
    }

    private long producerAcquire() {
        return (long) LONGS.getAcquire(producer, 0L);
    }

    private int stateAcquire(long at) {
        return (int) INTS.getAcquire(notes, at);
    }
}
