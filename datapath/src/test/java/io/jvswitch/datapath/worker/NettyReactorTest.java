package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pipes stand for devices: readable when something was written, and their other end tells whether anybody still holds
 * this one.
 */
final class NettyReactorTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);

    @BeforeAll
    static void loadTheNativeHalf() {
        Epoll.ensureAvailability();
    }

    private static PortSlot slot(FileDescriptor descriptor) {
        PortQueue queue = new PortQueue() {
            @Override
            public int receive(FramePool pool, FrameBatch into) {
                return 0;
            }

            @Override
            public int transmit(FrameBatch batch, int from) {
                return 0;
            }

            @Override
            public @Nullable DropReason transmitFailure() {
                return null;
            }

            @Override
            public int fd() {
                return descriptor.intValue();
            }
        };
        return new PortSlot(1, queue, null, new PortCounters());
    }

    private static NettyReactor open(NettyReactor.Kind kind) {
        Assumptions.assumeTrue(
                kind != NettyReactor.Kind.IO_URING || IoUring.isAvailable(), "this kernel allows no io_uring");
        NettyReactor reactor = new NettyReactor(kind);
        reactor.own();
        return reactor;
    }

    private static int write(FileDescriptor descriptor) throws IOException {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        return descriptor.write(one, 0, 1);
    }

    @ParameterizedTest
    @EnumSource(NettyReactor.Kind.class)
    void aWaitEndsWhenADrainedSlotHasSomething(NettyReactor.Kind kind) throws IOException {
        FileDescriptor[] pipe = FileDescriptor.pipe();
        try (NettyReactor reactor = open(kind)) {
            PortSlot slot = slot(pipe[0]);
            reactor.add(slot);
            slot.markDrained();
            reactor.drained(slot);
            reactor.poll();
            assertFalse(slot.isReady());
            assertEquals(1, write(pipe[1]));
            for (long startNs = System.nanoTime(); !slot.isReady() && System.nanoTime() - startNs < LONG_NS; ) {
                reactor.await(LONG_NS);
            }
            assertTrue(slot.isReady());
        } finally {
            pipe[0].close();
            pipe[1].close();
        }
    }

    @ParameterizedTest
    @EnumSource(NettyReactor.Kind.class)
    void aRemovedDescriptorIsHeldByItsOwnerOnly(NettyReactor.Kind kind) throws IOException {
        FileDescriptor[] pipe = FileDescriptor.pipe();
        try (NettyReactor reactor = open(kind)) {
            PortSlot slot = slot(pipe[0]);
            reactor.add(slot);
            slot.markDrained();
            reactor.drained(slot);
            reactor.poll();
            reactor.remove(slot);
            pipe[0].close();
            IOException broken = assertThrows(IOException.class, () -> write(pipe[1]));
            assertTrue(String.valueOf(broken.getMessage()).contains("Broken pipe"), broken.getMessage());
        } finally {
            pipe[1].close();
        }
    }
}
