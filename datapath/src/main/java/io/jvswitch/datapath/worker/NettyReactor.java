package io.jvswitch.datapath.worker;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoOps;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker's waiting place on netty's event loop, driven by the worker's own thread. Only readiness goes through netty;
 * frames are moved by the port queues' own calls.
 *
 * <p>With epoll, descriptors stay registered level-triggered, and a wait allocates nothing. With io_uring, a drained
 * slot submits a one-shot poll request, always the same object; netty's loop makes an object of 16 bytes for every wait
 * and every poll, which docs/decisions/0015-epoll.md weighs.
 */
public final class NettyReactor implements WorkerReactor {

    /** Which of the kernel's interfaces to wait by. */
    public enum Kind {
        EPOLL,
        IO_URING;

        /** Why this host has none of it, null when it has: containers and hardened hosts forbid io_uring. */
        public @Nullable String unavailableBecause() {
            if (this == EPOLL || IoUring.isAvailable()) {
                return null;
            }
            Throwable cause = IoUring.unavailabilityCause();
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage());
        }
    }

    private static final byte IORING_OP_POLL_ADD = 6; // linux/io_uring.h
    private static final byte IORING_OP_POLL_REMOVE = 7;
    private static final int POLLIN = 1; // poll.h; POLLERR and POLLHUP are always told

    /** The kernel answers at once; the bound is for a kernel that does not. */
    private static final int LET_GO_ROUNDS = 1000;

    private static final long LET_GO_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Kind kind;
    private final ManualIoEventLoop loop;
    private final Map<PortSlot, Watch> watches = new HashMap<>();

    /** A reactor that becomes the calling thread's at {@link #own()}. */
    public NettyReactor(Kind kind) {
        this.kind = kind;
        IoHandlerFactory factory = switch (kind) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
        };
        loop = new ManualIoEventLoop(null, factory);
    }

    /** Makes the calling thread the one that waits here; once, before anything but {@link #wakeup()}. */
    void own() {
        loop.setOwningThread(Thread.currentThread());
        loop.runNow(); // opens the ring on this thread
    }

    /** Which interface it waits by. */
    public Kind kind() {
        return kind;
    }

    /** One descriptor's place in the loop. Its descriptor is the port's to close. */
    private abstract static class Watch implements IoHandle {
        final PortSlot slot;
        final IoOps ops;
        IoRegistration registration;
        /** The ring's name for the poll request that is under way, 0 for none. */
        long pollId;

        @SuppressWarnings("NullAway.Init") // set right after construction, when the loop has registered it
        Watch(PortSlot slot, IoOps ops) {
            this.slot = slot;
            this.ops = ops;
        }

        @Override
        public void handle(IoRegistration of, IoEvent event) {
            if (event instanceof IoUringIoEvent completion && completion.opcode() != IORING_OP_POLL_ADD) {
                return; // of the removal: the removed request has a completion of its own
            }
            pollId = 0;
            slot.markReady();
        }

        @Override
        public void close() {}
    }

    private static final class EpollWatch extends Watch implements EpollIoHandle {
        private final FileDescriptor fd;

        EpollWatch(PortSlot slot) {
            super(slot, EpollIoOps.EPOLLIN);
            fd = new FileDescriptor(slot.queue.fd());
        }

        @Override
        public FileDescriptor fd() {
            return fd;
        }
    }

    private static final class RingWatch extends Watch implements IoUringIoHandle {
        RingWatch(PortSlot slot) {
            super(slot, ringOps(IORING_OP_POLL_ADD, slot.queue.fd(), 0L, POLLIN));
        }
    }

    /**
     * An entry of the submission queue, as linux/io_uring.h lays it out.
     *
     * @param address what the operation is about: the request to remove, say
     * @param operationFlags its own flags: the poll mask, say
     */
    private static IoUringIoOps ringOps(byte opcode, int fd, long address, int operationFlags) {
        return new IoUringIoOps(
                opcode, (byte) 0, (short) 0, fd, 0L, address, 0, operationFlags, 0L, (short) 0, (short) 0, 0, 0L);
    }

    @Override
    public void add(PortSlot slot) {
        if (slot.queue.fd() < 0) {
            return;
        }
        Watch watch = kind == Kind.EPOLL ? new EpollWatch(slot) : new RingWatch(slot);
        watch.registration = loop.register(watch).syncUninterruptibly().getNow();
        watches.put(slot, watch);
        arm(watch);
    }

    private static void arm(Watch watch) {
        watch.pollId = watch.registration.submit(watch.ops);
    }

    @Override
    public void remove(PortSlot slot) {
        Watch watch = watches.remove(slot);
        if (watch != null) {
            if (kind == Kind.IO_URING) {
                letGo(watch);
            }
            watch.registration.cancel();
            loop.runNow(); // the kernel lets go of the descriptor before its owner closes it
        }
    }

    /**
     * Takes a poll request back and waits until the kernel has dropped it. While it is under way it holds the file
     * open: its owner's close would neither delete a TAP nor unbind a socket.
     */
    private void letGo(Watch watch) {
        if (watch.pollId != 0) {
            watch.registration.submit(ringOps(IORING_OP_POLL_REMOVE, -1, watch.pollId, 0));
        }
        for (int i = 0; i < LET_GO_ROUNDS && watch.pollId != 0; i++) {
            loop.run(LET_GO_WAIT_NS);
        }
    }

    @Override
    public void drained(PortSlot slot) {
        Watch watch = watches.get(slot);
        if (watch == null) {
            slot.markReady(); // nothing to wait by: visited in every cycle
        } else if (kind == Kind.IO_URING && watch.pollId == 0) {
            arm(watch);
        }
    }

    @Override
    public void poll() {
        loop.runNow();
    }

    @Override
    public void await(long maxNs) {
        loop.run(maxNs);
    }

    @Override
    public void wakeup() {
        // not loop.wakeup(): that one is lost when it comes just before the wait; a task is not
        loop.execute(NettyReactor::nothing);
    }

    private static void nothing() {}

    @Override
    public void close() {
        var _ = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }
}
