package io.jvswitch.datapath.worker;

/**
 * Where a worker waits when all its queues are drained, and learns which have become ready. All methods but
 * {@link #wakeup()} are the worker thread's.
 */
interface WorkerReactor extends AutoCloseable {

    /** For tests with in-memory queues: every slot is always ready, nobody waits. */
    WorkerReactor NONE = new WorkerReactor() {
        @Override
        public void add(PortSlot slot) {}

        @Override
        public void remove(PortSlot slot) {}

        @Override
        public void drained(PortSlot slot) {
            slot.markReady();
        }

        @Override
        public void poll() {}

        @Override
        public void await(long maxNs) {}

        @Override
        public void wakeup() {}

        @Override
        public void close() {}
    };

    /** Watches the slot's descriptor from now on. */
    void add(PortSlot slot);

    /** Stops watching it. */
    void remove(PortSlot slot);

    /** The slot's queue had nothing: tell it when it has again. */
    void drained(PortSlot slot);

    /** Marks what is ready now; never blocks. */
    void poll();

    /** Blocks until something is ready, {@link #wakeup()} was called or the time has passed. */
    void await(long maxNs);

    /** Ends a wait, now or the next one; from any thread. */
    void wakeup();

    @Override
    void close();
}
