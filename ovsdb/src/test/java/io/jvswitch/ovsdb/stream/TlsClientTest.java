package io.jvswitch.ovsdb.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.ovsdb.client.OvsdbOptions;
import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.testing.RunningClient;
import io.jvswitch.ovsdb.testing.StockServer;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ssl:} and {@code tcp:} to a stock server, with keys and certificates of openssl's making. */
final class TlsClientTest {

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void makeKeys() throws IOException {
        Peers.require("openssl");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        authority("ca");
        signed("ca", "server");
        signed("ca", "client");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void authority(String name) {
        Programs.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".pem"));
    }

    private void signed(String authority, String name) {
        Programs.run(
                "openssl",
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".csr"));
        Programs.run(
                "openssl",
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                file(name + ".csr"),
                "-CA",
                file(authority + ".pem"),
                "-CAkey",
                file(authority + ".key"),
                "-CAcreateserial",
                "-out",
                file(name + ".pem"));
    }

    private StockServer server(String... more) {
        return new StockServer(directory)
                .with(
                        "--private-key=" + file("server.key"),
                        "--certificate=" + file("server.pem"),
                        "--ca-cert=" + file("ca.pem"))
                .with(more)
                .start();
    }

    private RunningClient client(String kind, String ca, boolean bootstrap) {
        TlsOptions options = new TlsOptions(
                directory.resolve("client.key"),
                directory.resolve("client.pem"),
                directory.resolve(ca),
                bootstrap,
                TlsOptions.protocols(null));
        return new RunningClient(
                new OvsdbOptions(
                        List.of(ConnectionMethod.parse(kind + ":127.0.0.1:" + port, directory)),
                        "Open_vSwitch",
                        List.of(TableColumns.of("Bridge", Column.string("name"))),
                        null,
                        true),
                new TlsClient(options));
    }

    @Test
    void bothSidesAreVerified() throws IOException {
        try (StockServer server = server("--remote=pssl:" + port + ":127.0.0.1");
                RunningClient client = client("ssl", "ca.pem", false)) {
            server.vsctl("add-br", "br0");
            client.runUntil(
                    "a bridge", () -> client.client().contents().rows("Bridge").size() == 1);
            // PKCS #1, as older versions of openssl write keys.
            Programs.run("openssl", "rsa", "-traditional", "-in", file("client.key"), "-out", file("old.key"));
            Files.move(
                    directory.resolve("old.key"), directory.resolve("client.key"), StandardCopyOption.REPLACE_EXISTING);
            assertTrue(Files.readString(directory.resolve("client.key")).contains("BEGIN RSA PRIVATE KEY"));
            client.client().forceReconnect(System.nanoTime());
            client.runUntil("the connection's end", () -> !client.client().isFollowing());
            client.runUntil("another connection", () -> client.client().isFollowing());
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() {
        authority("other");
        try (StockServer server = server("--remote=pssl:" + port + ":127.0.0.1");
                RunningClient client = client("ssl", "other.pem", false)) {
            client.runUntil(
                    "two refused attempts",
                    () -> server.log()
                                    .lines()
                                    .filter(line -> line.contains("SSL_accept"))
                                    .count()
                            >= 2);
            assertFalse(client.client().isComplete());
        }
    }

    @Test
    void theAuthorityIsLearntFromTheFirstServer() throws IOException {
        // A server presents its authority with --peer-ca-cert.
        try (StockServer server = server("--remote=pssl:" + port + ":127.0.0.1", "--peer-ca-cert=" + file("ca.pem"));
                RunningClient client = client("ssl", "learnt.pem", true)) {
            client.runUntil("to follow", () -> client.client().isFollowing());
            assertEquals(
                    Files.readString(directory.resolve("ca.pem")), Files.readString(directory.resolve("learnt.pem")));
            assertTrue(server.log().contains("127.0.0.1"));
        }
    }

    @Test
    void withoutKeysNothingIsTried() throws IOException {
        Files.delete(directory.resolve("client.key"));
        TlsClient tls = new TlsClient(new TlsOptions(
                directory.resolve("client.key"),
                directory.resolve("client.pem"),
                directory.resolve("ca.pem"),
                false,
                TlsOptions.protocols("TLSv1.2")));
        assertEquals(
                "Protocol not available",
                assertThrows(IOException.class, tls::refresh).getMessage());
        assertThrows(IllegalArgumentException.class, () -> TlsOptions.protocols("SSLv3"));
    }

    @Test
    void plainTcpIsProbed() {
        try (StockServer server = server("--remote=ptcp:" + port + ":127.0.0.1");
                RunningClient client = client("tcp", "ca.pem", false)) {
            client.client().setProbeInterval(1);
            client.runUntil("to follow", () -> client.client().isFollowing());
            client.runUntil(
                    "a probe to be answered",
                    () -> server.log().contains("received request, method=\"echo\", params=[], id=\"echo\""));
        }
    }
}
