package io.jvswitch.ovsdb.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Begins connections. Any thread; nothing here waits. */
public final class Dialer {

    private final StreamLoop loop;
    private final @Nullable TlsClient tls;

    /**
     * A dialer.
     *
     * @param tls what {@code ssl:} connections are made with; without it they fail
     */
    public Dialer(StreamLoop loop, @Nullable TlsClient tls) {
        this.loop = loop;
        this.tls = tls;
    }

    /** An attempt under way. */
    public static final class Attempt {
        private final AtomicBoolean abandoned = new AtomicBoolean();
        private volatile @Nullable Channel channel;

        /** Gives the attempt, or the connection that came of it, up. Any thread. */
        public void abandon() {
            abandoned.set(true);
            Channel current = channel;
            if (current != null) {
                var _ = current.close();
            }
        }

        private void has(Channel made) {
            channel = made;
            if (abandoned.get()) {
                var _ = made.close();
            }
        }
    }

    /**
     * Begins to connect.
     *
     * @param handler put at the end of the connection's pipeline; it hears of success by {@code channelActive}, for
     *     {@code ssl:} by netty's handshake event
     * @param failed is given the failure, on any thread; at most once
     */
    public Attempt connect(ConnectionMethod method, ChannelHandler handler, Consumer<Throwable> failed) {
        Attempt attempt = new Attempt();
        try {
            Path path = method.path();
            if (path != null) {
                connectUnix(path, handler, attempt, failed);
                return attempt;
            }
            TlsClient client = null;
            if (method.kind() == ConnectionMethod.Kind.SSL) {
                if (tls == null) {
                    throw new IOException("Protocol not available");
                }
                client = tls;
                client.refresh();
            }
            connectInet(method, client, handler, attempt, failed);
        } catch (IOException e) {
            failed.accept(e);
        }
        return attempt;
    }

    private void connectUnix(Path path, ChannelHandler handler, Attempt attempt, Consumer<Throwable> failed)
            throws IOException {
        SocketPath socket = SocketPath.of(path);
        ChannelFuture connecting = new Bootstrap()
                .group(loop.group())
                .channel(EpollDomainSocketChannel.class)
                .handler(handler)
                .connect(new DomainSocketAddress(socket.name().toFile()));
        attempt.has(connecting.channel());
        connecting.addListener(done -> {
            socket.close();
            if (!done.isSuccess()) {
                failed.accept(done.cause());
            }
        });
    }

    private void connectInet(
            ConnectionMethod method,
            @Nullable TlsClient client,
            ChannelHandler handler,
            Attempt attempt,
            Consumer<Throwable> failed) {
        InetAddress literal = method.literalAddress();
        if (literal != null) {
            connectTo(new InetSocketAddress(literal, method.port()), method, client, handler, attempt, failed);
            return;
        }
        // The resolver of the JDK blocks, and the loop has other connections.
        Thread.ofVirtual().name("resolve " + method.host()).start(() -> {
            try {
                InetAddress address = InetAddress.getByName(method.host());
                connectTo(new InetSocketAddress(address, method.port()), method, client, handler, attempt, failed);
            } catch (UnknownHostException e) {
                failed.accept(e);
            }
        });
    }

    private void connectTo(
            SocketAddress address,
            ConnectionMethod method,
            @Nullable TlsClient client,
            ChannelHandler handler,
            Attempt attempt,
            Consumer<Throwable> failed) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop.group())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (client != null) {
                            SslHandler ssl = client.handler(channel, method);
                            channel.pipeline().addLast(ssl);
                        }
                        channel.pipeline().addLast(handler);
                    }
                })
                .connect(address);
        attempt.has(connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                failed.accept(done.cause());
            }
        });
    }
}
