package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.VlanTag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FramePoolTest {

    private static Frame taken(FramePool pool) {
        Frame frame = pool.take();
        assertNotNull(frame);
        return frame;
    }

    @Test
    void handsOutEveryFrameOnceAndThenNone() {
        try (FramePool pool = new FramePool(5, 1000)) {
            Set<Long> addresses = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                assertEquals(5 - i, pool.free());
                assertTrue(addresses.add(taken(pool).address()));
            }
            assertEquals(0, pool.free());
            assertEquals(5, pool.size());
            assertNull(pool.take());
        }
    }

    @Test
    void buffersDoNotTouch() {
        try (FramePool pool = new FramePool(8, FramePool.JUMBO_BUFFER_BYTES)) {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Frame frame = taken(pool);
                assertEquals(FramePool.JUMBO_BUFFER_BYTES, frame.capacity());
                assertEquals(0, frame.address() % 64);
                frame.segment().fill((byte) i);
                frames.add(frame);
            }
            for (int i = 0; i < 8; i++) {
                byte number = (byte) i;
                assertTrue(frames.get(i)
                        .segment()
                        .elements(java.lang.foreign.ValueLayout.JAVA_BYTE)
                        .allMatch(b -> b.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0) == number));
            }
        }
    }

    @Test
    void reclaimTakesBackWhatIsOutAndHandsEachFrameOutOnceAgain() {
        try (FramePool pool = new FramePool(5, 1000)) {
            taken(pool);
            pool.release(taken(pool));
            taken(pool);
            pool.reclaim();
            assertEquals(5, pool.free());
            Set<Long> addresses = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                assertTrue(addresses.add(taken(pool).address()));
            }
            assertNull(pool.take());
        }
    }

    @Test
    void theLastFrameBackIsTheNextOneOut() {
        try (FramePool pool = new FramePool(3, 1000)) {
            Frame first = taken(pool);
            Frame second = taken(pool);
            pool.release(first);
            pool.release(second);
            assertSame(second, pool.take());
            assertSame(first, pool.take());
        }
    }

    @Test
    void aFrameComesBackCleared() {
        try (FramePool pool = new FramePool(1, 1000)) {
            Frame frame = taken(pool);
            frame.setInPort(7);
            frame.place(3, 5);
            pool.release(frame);
            Frame again = taken(pool);
            assertEquals(0, again.inPort());
            assertEquals(0, again.length());
            assertEquals(Frame.HEADROOM_BYTES, again.start());
        }
    }

    @Test
    void aSecondReleaseIsRefused() {
        try (FramePool pool = new FramePool(2, 1000)) {
            Frame frame = taken(pool);
            taken(pool);
            pool.release(frame);
            assertThrows(IllegalStateException.class, () -> pool.release(frame));
            assertEquals(1, pool.free());
        }
    }

    @Test
    void aFullPoolTakesNoStranger() {
        try (FramePool pool = new FramePool(1, 1000);
                FramePool other = new FramePool(1, 1000)) {
            Frame stranger = taken(other);
            assertThrows(IllegalStateException.class, () -> pool.release(stranger));
        }
    }

    @Test
    void sizesThatCannotWorkAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new FramePool(0, 1000));
        assertThrows(IllegalArgumentException.class, () -> new FramePool(1, Frame.HEADROOM_BYTES));
    }

    @Test
    void afterCloseEveryAccessFails() {
        FramePool pool = new FramePool(1, 1000);
        Frame frame = taken(pool);
        pool.close();
        assertThrows(IllegalStateException.class, () -> NetworkOrder.getU8(frame.segment(), 0));
    }

    @Test
    void aSuperframeFitsItsBuffer() {
        int tags = 2 * VlanTag.BYTES;
        assertTrue(Frame.HEADROOM_BYTES + EthernetHeader.BYTES + tags + Ipv4Header.MAX_TOTAL_BYTES
                <= FramePool.SUPERFRAME_BUFFER_BYTES);
        assertTrue(Frame.HEADROOM_BYTES + EthernetHeader.BYTES + tags + 9216 <= FramePool.JUMBO_BUFFER_BYTES);
    }
}
