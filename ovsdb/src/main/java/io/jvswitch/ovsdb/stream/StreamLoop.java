package io.jvswitch.ovsdb.stream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The thread that moves the bytes of all streams of this module, takes messages apart and puts them together. What
 * messages mean is the business of whoever owns the stream, on a thread of its own.
 */
public final class StreamLoop implements AutoCloseable {

    private static final int LAST_BYTES_MS = 2_000;

    private final EventLoopGroup group;

    /** Starts the thread. */
    public StreamLoop(String threadName) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
    }

    /** For netty's bootstraps. */
    public EventLoopGroup group() {
        return group;
    }

    /** Ends the thread and closes what is still open. */
    @Override
    public void close() {
        group.shutdownGracefully(0, LAST_BYTES_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
