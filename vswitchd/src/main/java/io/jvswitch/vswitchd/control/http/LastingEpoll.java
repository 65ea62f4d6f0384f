package io.jvswitch.vswitchd.control.http;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll with registrations that last as long as their channel. Netty 4.2.18 takes a descriptor out of the epoll
 * set while there is nothing to wait for, as with a client that has shut down its side and takes all that is written,
 * and later changes what is no longer in the set (epoll_ctl(2): ENOENT): the first write that has to wait then breaks
 * the answer off. Here errors are always waited for, which the kernel tells in any case, so that the set keeps it.
 */
final class LastingEpoll implements IoHandler {

    private final IoHandler epoll;

    private LastingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new LastingEpoll(epoll.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Lasting(epoll.register(handle));
    }

    private record Lasting(IoRegistration registration) implements IoRegistration {

        @Override
        public long submit(IoOps ops) {
            return registration.submit(ops instanceof EpollIoOps epollOps ? epollOps.with(EpollIoOps.EPOLLERR) : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
