package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.encap.mtu.PathMtuError;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.TooBigSocket;
import io.jvswitch.wire.IpAddress;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what routers say of tunnel packets that were too big. A thread of its own waits for it and wakes the conductor,
 * which takes it: all else is the conductor's.
 *
 * <p>Anybody may send such words. What is more than the conductor takes is left in the kernel, which drops it: whoever
 * is right will say it again.
 */
final class PathMtuWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PathMtuWatch.class);
    private static final int MAX_WAITING = 64;
    /**
     * How long the thread looks away after so many: a flood costs the conductor no more than a few thousand a second.
     */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final IpAddress local;
    private final int udpPort;
    private final TooBigSocket socket;
    private final Runnable wakeup;
    private final Queue<PathMtuError> heard = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;

    private PathMtuWatch(IpAddress local, int udpPort, TooBigSocket socket, Runnable wakeup) {
        this.local = local;
        this.udpPort = udpPort;
        this.socket = socket;
        this.wakeup = wakeup;
        thread = new Thread(this::listen, "path MTUs of " + local);
        thread.setDaemon(true);
    }

    /**
     * Listens from now on.
     *
     * @param local the tunnels' own address
     * @param udpPort where VXLAN goes to
     * @param wakeup called, by another thread, when {@link #poll} has something
     */
    static PathMtuWatch open(IpAddress local, int udpPort, Runnable wakeup) throws NativeException {
        PathMtuWatch watch =
                new PathMtuWatch(local, udpPort, TooBigSocket.open(NetworkNamespace.current(), local), wakeup);
        watch.thread.start();
        return watch;
    }

    private void listen() {
        try {
            int told = 0;
            @Nullable MemorySegment message;
            while ((message = socket.await()) != null) {
                PathMtuError error = PathMtuError.read(message, local.isIpv4());
                if (error == null || !error.local().equals(local) || !goesToTunnels(error)) {
                    continue;
                }
                heard.offer(error);
                wakeup.run();
                if (++told % MAX_WAITING == 0) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
        } catch (NativeException e) {
            LOG.error("paths that shrink are no longer noticed: {}", e.getMessage());
        }
    }

    private boolean goesToTunnels(PathMtuError error) {
        return switch (error.kind()) {
            case VXLAN -> error.destinationPort() == udpPort;
            case GRE -> true;
            case GENEVE -> false;
        };
    }

    /** Whether {@link #poll} would find something; any thread. */
    boolean hasNews() {
        return !heard.isEmpty();
    }

    /** Takes what there is; never blocks. */
    void poll(Consumer<PathMtuError> listener) {
        for (int i = 0; i < MAX_WAITING; i++) {
            PathMtuError error = heard.poll();
            if (error == null) {
                return;
            }
            listener.accept(error);
        }
    }

    @Override
    public void close() {
        socket.shutDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}
