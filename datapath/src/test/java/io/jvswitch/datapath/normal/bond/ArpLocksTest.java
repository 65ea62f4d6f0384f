package io.jvswitch.datapath.normal.bond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowKey;
import org.junit.jupiter.api.Test;

final class ArpLocksTest {

    private static final long MAC = 0x0200_0000_0001L;
    private static final FlowKey KEY = new FlowKey();

    private final ArpLocks locks = new ArpLocks();

    @Test
    void anAddressIsLockedForFiveSecondsInItsVlan() {
        locks.lock(MAC, 5, 100);
        assertTrue(locks.isLocked(MAC, 5));
        assertFalse(locks.isLocked(MAC, 6));
        assertFalse(locks.isLocked(MAC + 1, 5));
        locks.expire(99 + ArpLocks.LOCK_NS);
        assertTrue(locks.isLocked(MAC, 5));
        locks.expire(100 + ArpLocks.LOCK_NS);
        assertFalse(locks.isLocked(MAC, 5));
    }

    @Test
    void anotherAnnouncementStartsTheTimeAgainAndChangesNoAnswer() {
        locks.lock(MAC, 0, 0);
        long version = locks.version(KEY);
        locks.lock(MAC, 0, 1_000);
        assertEquals(version, locks.version(KEY));
        locks.expire(ArpLocks.LOCK_NS);
        assertTrue(locks.isLocked(MAC, 0));
        assertEquals(version, locks.version(KEY));
        locks.expire(ArpLocks.LOCK_NS + 1_000);
        assertNotEquals(version, locks.version(KEY));
    }

    @Test
    void isBounded() {
        for (int i = 0; i <= ArpLocks.MAX_ADDRESSES; i++) {
            locks.lock(MAC + i, 0, 0);
        }
        assertTrue(locks.isLocked(MAC + ArpLocks.MAX_ADDRESSES - 1, 0));
        assertFalse(locks.isLocked(MAC + ArpLocks.MAX_ADDRESSES, 0));
        locks.expire(ArpLocks.LOCK_NS);
        locks.lock(MAC + ArpLocks.MAX_ADDRESSES, 0, 0);
        assertTrue(locks.isLocked(MAC + ArpLocks.MAX_ADDRESSES, 0));
    }
}
