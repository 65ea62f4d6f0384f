package io.jvswitch.tap;

/**
 * Owns a file descriptor and closes it once. Any thread may close it; a closed number is never used again, but the
 * owner must make sure that no other thread is inside a call on it.
 */
final class Descriptor implements AutoCloseable {

    static final int CLOSED = -1;

    private volatile int fd;

    /** Takes over an open descriptor. */
    Descriptor(int fd) {
        this.fd = fd;
    }

    /** The number, or {@link #CLOSED}. */
    int get() {
        return fd;
    }

    @Override
    public synchronized void close() {
        int open = fd;
        if (open != CLOSED) {
            fd = CLOSED;
            // The number is free whatever close returns, and nothing is buffered that could be lost.
            NativeCalls.close(open);
        }
    }
}
