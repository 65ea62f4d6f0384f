package io.jvswitch.vswitchd.control.http;

import io.jvswitch.dhcp.FileFailure;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.control.ConfigReload;
import io.jvswitch.vswitchd.control.ControlSocket;
import io.jvswitch.vswitchd.view.ChangeView;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link SwitchControl} as HTTP/JSON on a Unix domain socket, mode 0600: whoever may open it may do
 * everything.
 *
 * <p>One thread of its own, which does the rendering, so that neither workers nor the conductor wait for a slow client.
 * One request a connection.
 */
public final class ControlServer implements AutoCloseable {

    /** Largest request body. A network with ten thousand hosts fits. */
    static final int MAX_BODY_BYTES = 4 << 20;

    private static final int CLIENT_TIMEOUT_S = 30;
    private static final int LAST_ANSWERS_MS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final Path path;
    private final ControlSocket socket;
    private final EventLoopGroup loop;
    private final Channel channel;
    /** Connections whose request is being answered. */
    private final ChannelGroup answering = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private volatile @Nullable ControlRoutes routes;

    private ControlServer(Path path, ControlSocket socket) throws IOException {
        this.path = path;
        this.socket = socket;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control", true), LastingEpoll.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline()
                                .addLast(new ReadTimeoutHandler(CLIENT_TIMEOUT_S))
                                .addLast(new WriteTimeoutHandler(CLIENT_TIMEOUT_S))
                                .addLast(new HttpServerCodec())
                                .addLast(new BoundedBodies(MAX_BODY_BYTES))
                                .addLast(new ChunkedWriteHandler())
                                .addLast(new ControlHandler(ControlServer.this::routes, answering));
                    }
                })
                .bind(new DomainSocketAddress(socket.bindPath().toFile()))
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
    }

    /**
     * Takes the socket's place and listens; until {@link #serve} requests are answered that the switch is starting.
     * Call it before anything else is created: it is what tells two daemons of one name apart.
     *
     * @throws ControlRefusedException when another daemon has the socket, or the file system refuses
     */
    public static ControlServer open(Path path) {
        ControlSocket socket = ControlSocket.claim(path);
        try {
            ControlServer server = new ControlServer(path, socket);
            try {
                socket.publish();
            } catch (IOException e) {
                server.close();
                throw e;
            }
            return server;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new ControlRefusedException(
                    Kind.CONFLICT,
                    "control socket " + path,
                    null,
                    "cannot be served: " + FileFailure.text(e),
                    "set switch.control-socket to a path on a file system with sockets");
        }
    }

    private static void closeQuietly(ControlSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("control socket: cannot be cleaned up: {}", FileFailure.text(e));
        }
    }

    /**
     * Begins to answer.
     *
     * @param control the switch
     * @param reload what {@code POST /v1/reload} does, see {@link ConfigReload}
     */
    public void serve(SwitchControl control, Supplier<CompletableFuture<ChangeView>> reload) {
        routes = new ControlRoutes(control, reload);
    }

    private @Nullable ControlRoutes routes() {
        return routes;
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /** Stops listening, lets answers that are under way finish for a moment, and removes the socket. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        answering.newCloseFuture().awaitUninterruptibly(LAST_ANSWERS_MS);
        closeQuietly(socket);
        loop.shutdownGracefully(0, LAST_ANSWERS_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
