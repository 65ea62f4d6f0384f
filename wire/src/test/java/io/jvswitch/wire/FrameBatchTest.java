package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FrameBatchTest {

    private static Frame frame() {
        return new Frame(MemorySegment.ofArray(new byte[300]));
    }

    @Test
    void keepsOrderUpToItsCapacity() {
        FrameBatch batch = new FrameBatch(2);
        assertTrue(batch.isEmpty());
        assertEquals(2, batch.room());
        Frame first = frame();
        Frame second = frame();
        batch.add(first);
        assertFalse(batch.isFull());
        batch.add(second);
        assertTrue(batch.isFull());
        assertEquals(0, batch.room());
        assertEquals(2, batch.size());
        assertEquals(2, batch.capacity());
        assertSame(first, batch.get(0));
        assertSame(second, batch.get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.add(frame()));
        assertEquals(2, batch.size());
        assertThrows(IndexOutOfBoundsException.class, () -> batch.get(2));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.get(-1));
    }

    @Test
    void clearingForgetsWithoutReleasing() {
        try (FramePool pool = new FramePool(2, 1000)) {
            FrameBatch batch = new FrameBatch(4);
            Frame frame = pool.take();
            assertNotNull(frame);
            batch.add(frame);
            batch.clear();
            assertEquals(1, pool.free());
            assertTrue(batch.isEmpty());
            assertThrows(IndexOutOfBoundsException.class, () -> batch.get(0));
            pool.release(frame);
        }
    }

    @Test
    void releasingGivesEveryFrameBack() {
        try (FramePool pool = new FramePool(3, 1000)) {
            FrameBatch batch = new FrameBatch(3);
            for (int i = 0; i < 3; i++) {
                Frame frame = pool.take();
                assertNotNull(frame);
                batch.add(frame);
            }
            batch.releaseAll(pool);
            assertEquals(3, pool.free());
            assertTrue(batch.isEmpty());
        }
    }
}
