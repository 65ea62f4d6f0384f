package io.jvswitch.flowtable.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every entry's seat: a list that ageing, revalidation and dumps walk by position while entries come and go.
 *
 * <p>An entry keeps its seat as long as it stays, so a walker on any thread meets each one that is there throughout
 * exactly once. Seats are allocated by the thousand when first needed. One writer, wait-free readers.
 */
public final class Roster<E extends Hashed> {

    private static final int ROW_BITS = 10;
    private static final int ROW_SEATS = 1 << ROW_BITS;
    private static final VarHandle SEATS = MethodHandles.arrayElementVarHandle(Hashed[].class);
    private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(Hashed[][].class);
    private static final VarHandle FREE_COUNT;

    static {
        try {
            FREE_COUNT = MethodHandles.lookup().findVarHandle(Roster.class, "freeCount", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Hashed @Nullable [][] rows;
    /** Seats that were taken and are free again; used before new ones. */
    private final int[] free;

    /** Written by the writer only, and opaquely, for {@link #size} on other threads. */
    private int freeCount;
    /** Seats from here on were never taken. */
    private volatile int used;

    @SuppressWarnings({"unchecked", "rawtypes"})
    public Roster(int seats) {
        rows = new Hashed[(seats + ROW_SEATS - 1) >>> ROW_BITS][];
        free = new int[seats];
    }

    public int capacity() {
        return free.length;
    }

    /** Any thread; beside the writer a number that it was near. */
    public int size() {
        return Math.max(0, used - (int) FREE_COUNT.getOpaque(this));
    }

    public boolean isFull() {
        return freeCount == 0 && used == free.length;
    }

    /** Seats that a walker has to visit: 0 to this. */
    public int used() {
        return used;
    }

    /** Any thread: who sits there now. */
    @SuppressWarnings("unchecked")
    @Nullable
    public E get(int seat) {
        Hashed[] row = (Hashed[]) ROWS.getAcquire(rows, seat >>> ROW_BITS);
        return row == null ? null : (E) (Hashed) SEATS.getAcquire(row, seat & ROW_SEATS - 1);
    }

    /** Writer: gives the entry a seat; there must be one. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void add(E entry) {
        int seat = used;
        if (freeCount > 0) {
            FREE_COUNT.setOpaque(this, freeCount - 1);
            seat = free[freeCount];
        }
        Hashed[] row = (Hashed[]) ROWS.get(rows, seat >>> ROW_BITS);
        if (row == null) {
            row = new Hashed[ROW_SEATS];
            ROWS.setRelease(rows, seat >>> ROW_BITS, row);
        }
        entry.seat = seat;
        SEATS.setRelease(row, seat & ROW_SEATS - 1, entry);
        if (seat == used) {
            used = seat + 1;
        }
    }

    /** Writer: takes the entry's seat away; false when it does not sit here. */
    @SuppressWarnings("ReferenceEquality") // an equal entry in another table has another seat
    public boolean remove(E entry) {
        int seat = entry.seat;
        if (seat < 0 || seat >= used || get(seat) != entry) {
            return false;
        }
        Hashed[] row = (Hashed[]) ROWS.get(rows, seat >>> ROW_BITS);
        SEATS.setRelease(row, seat & ROW_SEATS - 1, (Hashed) null);
        entry.seat = -1;
        free[freeCount] = seat;
        FREE_COUNT.setOpaque(this, freeCount + 1);
        return true;
    }

    /** Any thread. */
    public void forEach(Consumer<? super E> visitor) {
        int end = used;
        for (int seat = 0; seat < end; seat++) {
            E entry = get(seat);
            if (entry != null) {
                visitor.accept(entry);
            }
        }
    }
}
