package io.jvswitch.ovsdb.unixctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.ovsdb.stream.StreamLoop;
import io.jvswitch.ovsdb.testing.StockServer;
import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.Programs.Outcome;
import io.jvswitch.wire.testing.Seed;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server, with {@code ovs-appctl} and with bytes of our own, beside the one in a stock ovsdb-server. */
final class UnixctlServerTest {

    private static final String VERSION = "ovsdb-server (Open vSwitch) 3.1.0";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Commands commands = new Commands(VERSION);
    private final BlockingQueue<CommandReply> waiting = new LinkedBlockingQueue<>();
    private StreamLoop loop;
    private UnixctlServer server;

    @BeforeEach
    void open() throws IOException {
        loop = new StreamLoop("test-io");
        commands.register(
                "vlog/set",
                "{spec}",
                0,
                Commands.ANY_NUMBER,
                Runnable::run,
                (words, reply) -> reply.done(String.join("|", words)));
        commands.register("ovsdb-server/add-db", "DB", 1, 1, Runnable::run, (_, reply) -> reply.done(""));
        commands.register("later", null, 0, 0, Runnable::run, (_, reply) -> waiting.add(reply));
        commands.register("broken", null, 0, 0, Runnable::run, (_, _) -> {
            throw new IllegalArgumentException("on purpose");
        });
        server = UnixctlServer.open(directory.resolve("our.ctl"), loop, commands, System::nanoTime);
    }

    @AfterEach
    void close() {
        server.close();
        loop.close();
    }

    private SocketChannel connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return channel;
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** All that comes until the peer closes or {@code bytes} have come. */
    private static String read(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    /** What a server answers to a request after which it is sent what ends the connection. */
    private String answer(Path path, String request) throws IOException {
        try (SocketChannel channel = connect(path)) {
            send(channel, (request + "[]").getBytes(StandardCharsets.UTF_8));
            return read(channel, 1 << 16);
        }
    }

    private static Outcome appctl(Path path, String... words) {
        List<String> command = new ArrayList<>(List.of("ovs-appctl", "-T", "60", "-t", path.toString()));
        command.addAll(List.of(words));
        return Programs.tryRun(command.toArray(String[]::new));
    }

    @Test
    void bytesAreThoseOfAStockServer() throws IOException {
        try (StockServer stock = new StockServer(directory).start()) {
            for (String request : List.of(
                    "{\"id\":0,\"method\":\"version\",\"params\":[]}",
                    " {\"params\":[],\n\"id\":[1,\"x\"],\t\"method\":\"version\"} ",
                    "{\"id\":0,\"method\":\"nosuch\\u001b\\u00e9\\\"\",\"params\":[]}",
                    "{\"id\":\"a\",\"method\":\"version\",\"params\":[\"x\"]}",
                    "{\"id\":7,\"method\":\"ovsdb-server/add-db\",\"params\":[]}",
                    "{\"id\":7,\"method\":\"ovsdb-server/add-db\",\"params\":[1,2]}",
                    "{\"id\":7,\"method\":\"vlog/set\",\"params\":[1]}",
                    "{\"id\":7,\"method\":\"version\",\"params\":{}}",
                    "{\"id\":7,\"method\":\"version\"}",
                    "{\"id\":null,\"method\":\"version\",\"params\":[]}",
                    "{\"id\":7,\"result\":1,\"error\":null}",
                    "{\"id\":7,\"method\":\"version\",\"params\":[],\"more\":1}",
                    "{\"id\":1,\"method\":\"version\",\"params\":[]}{\"id\":2,\"method\":\"x\",\"params\":[]}")) {
                assertEquals(answer(stock.control(), request), answer(server.path(), request), request);
            }
        }
    }

    @Test
    void ovsAppctlPrintsWhatItPrintsOfAStockServer() {
        try (StockServer stock = new StockServer(directory).start()) {
            for (String[] words : new String[][] {{"version"}, {"version", "x"}, {"nosuch"}, {"ovsdb-server/add-db"}}) {
                Outcome expected = appctl(stock.control(), words);
                Outcome ours = appctl(server.path(), words);
                assertEquals(expected.status(), ours.status());
                assertEquals(
                        expected.output().replace(stock.control().toString(), "S"),
                        ours.output().replace(server.path().toString(), "S"));
            }
            String list = appctl(stock.control(), "list-commands").output();
            assertTrue(list.contains("\n  version                 \n"), list);
        }
        assertEquals(
                List.of(
                        "The available commands are:",
                        "  list-commands           ",
                        "  ovsdb-server/add-db     DB",
                        "  version                 ",
                        "  vlog/set                {spec}"),
                appctl(server.path(), "list-commands").output().lines().toList());
        Outcome broken = appctl(server.path(), "broken");
        assertEquals(2, broken.status());
        assertTrue(broken.output().contains("on purpose"), broken::output);
        assertEquals("a b|c\n", appctl(server.path(), "vlog/set", "a b", "c").output());
    }

    @Test
    void anAnswerThatComesLaterHoldsUpItsOwnConnectionOnly() throws Exception {
        Peers.require("ovs-appctl");
        try (SocketChannel slow = connect(server.path())) {
            String later = "{\"id\":1,\"method\":\"later\",\"params\":[]}";
            String version = "{\"id\":2,\"method\":\"version\",\"params\":[]}";
            send(slow, (later + version + version).getBytes(StandardCharsets.UTF_8));
            CommandReply reply = waiting.take();
            assertEquals(VERSION + "\n", appctl(server.path(), "version").output());
            reply.done("");
            assertThrows(IllegalStateException.class, () -> reply.refused("again"));
            String versionAnswer = "{\"id\":2,\"result\":\"" + VERSION + "\\n\",\"error\":null}";
            String expected = "{\"id\":1,\"result\":\"\",\"error\":null}" + versionAnswer + versionAnswer;
            assertEquals(expected, read(slow, expected.length()));
        }
        // Whoever asked may have gone before the answer.
        SocketChannel gone = connect(server.path());
        send(gone, "{\"id\":1,\"method\":\"later\",\"params\":[]}".getBytes(StandardCharsets.UTF_8));
        CommandReply reply = waiting.take();
        gone.close();
        reply.done("x".repeat(1 << 20));
        Await.until("the connection's end", LIMIT, () -> server.connections() == 0);
        assertEquals(0, appctl(server.path(), "version").status());
    }

    @Test
    void requestsMayComeInPiecesOfAnyLength() throws IOException {
        byte[] bytes =
                "{\"id\":1,\"method\":\"vlog/set\",\"params\":[\"a\\\"}]\u00e4\"]}".getBytes(StandardCharsets.UTF_8);
        String expected = "{\"id\":1,\"result\":\"a\\\"}]\u00e4\\n\",\"error\":null}";
        int length = expected.getBytes(StandardCharsets.UTF_8).length;
        try (SocketChannel channel = connect(server.path())) {
            for (int cut = 0; cut <= bytes.length; cut++) {
                send(channel, Arrays.copyOf(bytes, cut));
                send(channel, Arrays.copyOfRange(bytes, cut, bytes.length));
                assertEquals(expected, read(channel, length), "cut at " + cut);
            }
        }
    }

    @Test
    void garbageEndsItsConnectionAndNothingElse() throws IOException {
        RandomGenerator random = Seed.random(UnixctlServerTest.class);
        try (SocketChannel patient = connect(server.path())) {
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                bytes[0] = (byte) "{[\"x}1\u0000".charAt(random.nextInt(7));
                try (SocketChannel channel = connect(server.path())) {
                    send(channel, bytes);
                    channel.shutdownOutput();
                    assertEquals("", read(channel, 1 << 16));
                } catch (IOException e) {
                    // The server may have closed it while bytes were unread.
                    assertTrue(String.valueOf(e.getMessage()).matches("Broken pipe|Connection reset.*"), e::toString);
                }
            }
            String version = "{\"id\":2,\"method\":\"version\",\"params\":[]}";
            send(patient, version.getBytes(StandardCharsets.UTF_8));
            String expected = "{\"id\":2,\"result\":\"" + VERSION + "\\n\",\"error\":null}";
            assertEquals(expected, read(patient, expected.length()));
        }
        Await.until("all connections' end", LIMIT, () -> server.connections() == 0);
    }

    @Test
    void aThousandConnectionsAreAnswered() throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                channels.add(connect(server.path()));
            }
            String version = "{\"id\":2,\"method\":\"version\",\"params\":[]}";
            String expected = "{\"id\":2,\"result\":\"" + VERSION + "\\n\",\"error\":null}";
            for (SocketChannel channel : channels) {
                send(channel, version.getBytes(StandardCharsets.UTF_8));
            }
            for (SocketChannel channel : channels) {
                assertEquals(expected, read(channel, expected.length()));
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void theSocketIsForOwnerAndGroupAndGoesWithTheServer() throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(server.path());
        assertTrue(mode.contains(PosixFilePermission.OWNER_WRITE), mode::toString);
        for (PosixFilePermission permission : mode) {
            assertFalse(permission.name().startsWith("OTHERS"), mode::toString);
        }
        // A dead daemon's socket is replaced, and the one who was replaced does not take the new one away.
        try (UnixctlServer second = UnixctlServer.open(server.path(), loop, commands, System::nanoTime)) {
            server.close();
            assertTrue(Files.exists(second.path()));
        }
        assertFalse(Files.exists(server.path()));
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aLongPathIsServed() throws IOException {
        Peers.require("ovs-appctl");
        Path deep = Files.createDirectories(directory.resolve("d".repeat(80)).resolve("e".repeat(80)));
        try (UnixctlServer far = UnixctlServer.open(deep.resolve("our.ctl"), loop, commands, System::nanoTime)) {
            assertEquals(VERSION + "\n", appctl(far.path(), "version").output());
        }
    }
}
