package io.jvswitch.vswitchd.control.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.vswitchd.api.FakeCapture;
import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.wire.testing.Frames;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture over a real Unix socket: when it ends, and who is told. */
final class CaptureRouteTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    private Path socket;
    private FakeSwitch control;
    private ControlServer server;

    @BeforeEach
    void start() throws Exception {
        socket = dir.resolve("hv1.sock");
        control = new FakeSwitch(ConfigReader.read("f", """
                switch: {name: hv1}
                networks: {blue: {tunnel: none}}
                ports: {tap-vm1: {kind: tap, network: blue}}
                """));
        control.setCaptured(
                List.of(FakeCapture.frame(1, false, null, Frames.pingv4().bytes())));
        server = ControlServer.open(socket);
        server.serve(control, () -> control.stop());
    }

    @AfterEach
    void stop() {
        server.close();
        control.close();
    }

    private SocketChannel ask(String query) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        String request = "GET /v1/capture?port=tap-vm1" + query + " HTTP/1.1\r\nHost: x\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    private static String readAll(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private FakeCapture capture() {
        Await.until("a capture", LIMIT, () -> control.lastCapture() != null);
        FakeCapture capture = control.lastCapture();
        assertNotNull(capture);
        return capture;
    }

    private void awaitClosed() {
        Await.until("the capture to end", LIMIT, () -> capture().isClosed());
    }

    @Test
    void aClientThatShutsItsSideGetsTheRestAndTheSum() throws IOException {
        try (SocketChannel channel = ask("&format=text")) {
            InputStream in = Channels.newInputStream(channel);
            StringBuilder text = new StringBuilder();
            while (!text.toString().contains(" flow=")) {
                text.append((char) in.read());
            }
            channel.shutdownOutput();
            String rest = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            assertTrue(rest.endsWith("0\r\njvswitch-captured: 1\r\njvswitch-lost: 3\r\n\r\n"), rest);
            awaitClosed();
        }
    }

    /** More than a socket's buffer holds, so that the daemon has to wait for a client that it no longer reads from. */
    @Test
    void aSlowClientThatShutsItsSideGetsAllOfTheRest() throws Exception {
        byte[] large = Frames.udpv4().payload(60_000).bytes();
        try (SocketChannel channel = ask("&format=pcapng")) {
            InputStream in = Channels.newInputStream(channel);
            assertEquals('H', in.read());
            capture().offerAtClose(Collections.nCopies(200, FakeCapture.frame(1, false, null, large)));
            channel.shutdownOutput();
            awaitClosed();
            Thread.sleep(100); // let the buffer fill up: only then does the daemon wait
            String rest = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            assertTrue(rest.length() > 200 * large.length, () -> rest.length() + " bytes");
            assertTrue(rest.endsWith("0\r\njvswitch-captured: 201\r\njvswitch-lost: 3\r\n\r\n"), "no trailers");
        }
    }

    @Test
    void aClientThatGoesEndsTheCapture() throws IOException {
        try (SocketChannel channel = ask("")) {
            assertEquals('H', Channels.newInputStream(channel).read());
        }
        awaitClosed();
    }

    @Test
    void aNumberATimeOrTheSwitchEndsIt() throws IOException {
        try (SocketChannel channel = ask("&count=1")) {
            String answer = readAll(channel);
            assertTrue(answer.contains("content-type: application/x-pcapng"), answer);
            assertTrue(answer.contains("\n\r\r\n"), "the section header's type");
        }
        try (SocketChannel channel = ask("&seconds=1&format=json")) {
            assertTrue(readAll(channel).contains("application/x-ndjson"));
        }
        try (SocketChannel channel = ask("")) {
            assertEquals('H', Channels.newInputStream(channel).read());
            capture().end();
            readAll(channel);
        }
        awaitClosed();
    }

    @Test
    void aClientThatDoesNotReadEndsItByGoing() throws IOException {
        byte[] large = Frames.udpv4().payload(60_000).bytes();
        control.setCaptured(Collections.nCopies(200, FakeCapture.frame(1, false, null, large)));
        try (SocketChannel channel = ask("")) {
            assertTrue(channel.isConnected());
            assertTrue(!capture().isClosed());
        }
        awaitClosed();
    }
}
