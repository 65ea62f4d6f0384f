package io.jvswitch.ovsdb.unixctl;

import io.jvswitch.ovsdb.jsonrpc.JsonRpcConnection;
import io.jvswitch.ovsdb.jsonrpc.LimitedLog;
import io.jvswitch.ovsdb.stream.ErrorText;
import io.jvswitch.ovsdb.stream.SocketPath;
import io.jvswitch.ovsdb.stream.StreamLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code ovs-appctl} on a Unix socket: requests of JSON-RPC 1.0, the method a command's name, its parameters
 * strings. Those of one connection are answered one after the other; connections do not wait for each other. What is no
 * request ends its connection.
 *
 * <p>The socket can be used by its owner and group as far as the process's umask lets them, as Open vSwitch has it, and
 * by nobody else at any time. A socket that a dead daemon left is replaced. Bytes move on the loop's thread.
 */
public final class UnixctlServer implements AutoCloseable {

    /** Longest request: more than a command line can hold. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private static final long MAX_BACKLOG_BYTES = 1L << 30;
    private static final int BACKLOG_CONNECTIONS = 4_096;
    private static final int LINES_PER_MINUTE = 5;
    private static final Set<PosixFilePermission> NOBODY_ELSE = PosixFilePermissions.fromString("rwxrwx---");

    private final Path path;
    private final Channel channel;
    private final Object fileKey;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong nextConnection = new AtomicLong();

    private UnixctlServer(Path path, StreamLoop loop, Commands commands, LongSupplier clock) throws IOException {
        this.path = path;
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("not a path for a socket");
        }
        // Bound where nobody else comes, given its mode, then moved into place.
        Path hidden = Files.createDirectory(
                directory.resolve("." + UUID.randomUUID().toString().substring(0, 8)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path bound = hidden.resolve("s");
        try (SocketPath socket = SocketPath.of(bound)) {
            LimitedLog rpcLog =
                    new LimitedLog(LoggerFactory.getLogger("ovs.jsonrpc"), LINES_PER_MINUTE, LINES_PER_MINUTE);
            LimitedLog log = new LimitedLog(LoggerFactory.getLogger("ovs.unixctl"), LINES_PER_MINUTE, LINES_PER_MINUTE);
            ChannelFuture binding = new ServerBootstrap()
                    .group(loop.group())
                    .channel(EpollServerDomainSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG_CONNECTIONS)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel client) {
                            connections.add(client);
                            client.pipeline()
                                    .addLast(new JsonRpcConnection(
                                            "unix#" + nextConnection.getAndIncrement(),
                                            MAX_REQUEST_BYTES,
                                            MAX_BACKLOG_BYTES,
                                            new UnixctlConnection(commands, clock, rpcLog, log)));
                        }
                    })
                    .bind(new DomainSocketAddress(socket.name().toFile()))
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(ErrorText.of(binding.cause()), binding.cause());
            }
            channel = binding.channel();
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(bound);
            mode.retainAll(NOBODY_ELSE);
            Files.setPosixFilePermissions(bound, mode);
            Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            fileKey = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } finally {
            Files.deleteIfExists(bound);
            Files.deleteIfExists(hidden);
        }
    }

    /**
     * Binds and listens.
     *
     * @param path where
     * @param clock the daemon's, for the pace of log lines; any thread
     * @throws IOException when the socket cannot be made there; the text is strerror(3)'s
     */
    public static UnixctlServer open(Path path, StreamLoop loop, Commands commands, LongSupplier clock)
            throws IOException {
        return new UnixctlServer(path, loop, commands, clock);
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /** How many connections there are. */
    public int connections() {
        return connections.size();
    }

    /** Stops listening, ends all connections, and removes the socket unless somebody else has put another one there. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        try {
            if (fileKey.equals(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey())) {
                Files.delete(path);
            }
        } catch (IOException _) {
            // Gone already.
        }
    }
}
