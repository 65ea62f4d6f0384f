package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.row.ChangeSet;

/** Hears of a database while {@link OvsdbClient#run} runs, on the thread that runs it. */
public interface DatabaseListener {

    /**
     * The copy has changed: as the changes say, which are not empty but for the first call, which tells that the copy
     * is complete. After a reconnection only what differs from the copy is told.
     */
    void contentsChanged(ChangeSet changes);

    /** The lock is held, held by somebody else, or asked for again after a reconnection. */
    default void lockChanged(LockState state) {}

    /** The server is there and the copy follows it, or not. While not, transactions are not sent. */
    default void followingChanged(boolean following) {}
}
