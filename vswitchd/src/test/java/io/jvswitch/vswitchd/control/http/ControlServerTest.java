package io.jvswitch.vswitchd.control.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.control.ConfigReload;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control socket, over a real Unix socket. */
final class ControlServerTest {

    private static final String CONFIG = """
            switch: {name: hv1}
            underlay: {local-ip: 192.0.2.1}
            networks:
              blue: {tunnel: vxlan, vni: 42, remotes: [192.0.2.2], subnets: [{cidr: 10.0.0.0/24}]}
            ports:
              tap-vm1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", ip: 10.0.0.11}
            """;

    @TempDir
    private Path dir;

    private Path socket;
    private Path config;
    private FakeSwitch control;
    private ControlServer server;

    @BeforeEach
    void start() throws Exception {
        socket = dir.resolve("run/hv1.sock");
        config = dir.resolve("hv1.yaml");
        Files.writeString(config, CONFIG);
        control = new FakeSwitch(ConfigReader.read(config));
        server = ControlServer.open(socket);
        server.serve(control, new ConfigReload(config, control)::run);
    }

    @AfterEach
    void stop() {
        server.close();
        control.close();
    }

    private record Answer(int status, String head, String body) {}

    private Answer ask(String method, String path, String body) throws IOException {
        return raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private Answer get(String path) throws IOException {
        return ask("GET", path, "");
    }

    private Answer raw(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            InputStream in = Channels.newInputStream(channel);
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            String head = all.substring(0, end);
            String rest = all.substring(end + 4);
            int status = Integer.parseInt(head.substring(9, 12));
            return new Answer(status, head, head.contains("chunked") ? unchunk(rest) : rest);
        }
    }

    private static String unchunk(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 4 + size;
        }
    }

    /** Of each route that takes one. */
    @Test
    void aBodyThatIsNoObjectIsRefused() throws IOException {
        for (String path :
                List.of("/v1/trace", "/v1/ports", "/v1/networks", "/v1/networks/blue/remotes", "/v1/hosts")) {
            for (String body : List.of("null", "", "[]", "1", "\"x\"", "{", "\0", "~")) {
                Answer answer = ask("POST", path, body);
                assertEquals(400, answer.status, () -> path + " " + body + ": " + answer.body);
            }
        }
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void theSocketAppearsWithItsModeAndNothingElseIsLeftBeside() throws IOException {
        try (Stream<Path> files = Files.list(socket.getParent())) {
            assertEquals(
                    List.of("hv1.sock", "hv1.sock.lock"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
        server.close();
        try (Stream<Path> files = Files.list(socket.getParent())) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void viewsAreJson() throws IOException {
        Answer show = get("/v1/show");
        assertEquals(200, show.status);
        assertTrue(show.head.contains("content-type: application/json"), show.head);
        assertTrue(show.body.startsWith("{\"name\":\"hv1\",\"version\":\"1.2.3\",\"pid\":4711,"), show.body);
        assertTrue(
                show.body.contains("\"underlay\":{\"local_ip\":\"192.0.2.1\",\"device\":\"eth0\",\"state\":\"up\","),
                show.body);
        assertEquals("""
                [
                {"name":"tap-vm1","number":1,"kind":"tap","network":"blue","vlans":{},"trunks":[],"state":"up","mac":"02:00:00:00:00:01","ips":["10.0.0.11"],\
                "may_send":{"addresses":["10.0.0.11"],"claims":["10.0.0.11"],"router_advertisements":false,"dhcp_server":false,"dhcp_relay":false},\
                "queues":1,"mtu_bytes":1450,"offloads":["csum","tso4","tso6"],"traffic":{"rx_frames":1234,"rx_bytes":567890,\
                "tx_frames":4321,"tx_bytes":98765432,"drop_frames":3,"arp_replies":12,"nd_replies":4,"too_big_answered":1,"mss_clamped":30,\
                "fragmented":2,"outer_fragmented":5,"created_frames":90,"merged_frames":800,"handed_over_frames":6}}
                ]
                """, get("/v1/ports").body);
        assertEquals("[]\n", get("/v1/hosts").body);
        for (String path : List.of(
                "/v1/networks",
                "/v1/networks/blue",
                "/v1/ports/tap-vm1",
                "/v1/fdb?network=blue",
                "/v1/flows?port=tap-vm1",
                "/v1/arp",
                "/v1/leases",
                "/v1/drops?port=tap-vm1",
                "/v1/stats")) {
            assertEquals(200, get(path).status, path);
        }
    }

    @Test
    void zeroDropsAreLeftOutUnlessAskedFor() throws IOException {
        assertFalse(get("/v1/drops").body.contains("port-down"));
        String all = get("/v1/drops?all=true&port=tap-vm1").body;
        assertTrue(all.contains("\"reason\":\"port-down\",\"stage\":\"forwarding\",\"frames\":0"), all);
        assertTrue(all.contains("\"reason\":\"no-buffer\",\"stage\":\"receive\",\"frames\":12"), all);
    }

    @Test
    void metricsArePrometheusText() throws IOException {
        Answer metrics = get("/metrics");
        assertEquals(200, metrics.status);
        assertTrue(metrics.head.contains("text/plain; version=0.0.4"), metrics.head);
        assertTrue(
                metrics.body.contains(
                        "jvswitch_port_rx_frames_total{network=\"blue\",port=\"tap-vm1\",switch=\"hv1\"} 1234.0\n"),
                metrics.body);
    }

    @Test
    void changesTakeEffect() throws IOException {
        Answer added = ask(
                "POST",
                "/v1/ports",
                "{\"name\": \"tap-vm2\", \"kind\": \"tap\", \"network\": \"blue\", \"ip\": [\"10.0.0.12\"], "
                        + "\"mac\": \"02:00:00:00:00:02\"}");
        assertEquals("{\"changes\":[\"port tap-vm2 added to network blue\"]}\n", added.body);
        assertEquals(200, get("/v1/ports/tap-vm2").status);
        assertEquals(200, ask("DELETE", "/v1/ports/tap-vm2", "").status);
        assertEquals(404, get("/v1/ports/tap-vm2").status);

        assertEquals(200, ask("POST", "/v1/networks", "{\"name\": \"red\", \"tunnel\": \"none\"}").status);
        assertEquals(200, ask("DELETE", "/v1/networks/red", "").status);
        assertEquals(
                200,
                ask(
                                "POST",
                                "/v1/hosts",
                                "{\"network\": \"blue\", \"mac\": \"02:00:00:00:00:02\", \"ip\": \"10.0.0.12\", "
                                        + "\"vtep\": \"192.0.2.2\"}")
                        .status);
        assertTrue(get("/v1/hosts?network=blue").body.contains("\"vtep\":\"192.0.2.2\""));
        assertEquals(404, get("/v1/hosts?network=red").status);
        assertEquals(200, ask("DELETE", "/v1/hosts/blue/02%3A00%3A00%3A00%3A00%3A02", "").status);
        assertEquals("{\"changes\":[\"stopping\"]}\n", ask("POST", "/v1/stop", "").body);
    }

    @Test
    void refusalsSayWhatWhichAndWhatToDo() throws IOException {
        Answer missing = ask("DELETE", "/v1/ports/nope", "");
        assertEquals(404, missing.status);
        assertEquals(
                "{\"error\":\"does not exist\",\"object\":\"port nope\",\"remedy\":\"see 'jvswitch port list'\"}\n",
                missing.body);

        Answer conflict = ask("POST", "/v1/ports", "{\"name\": \"t2\", \"kind\": \"tap\", \"network\": \"green\"}");
        assertEquals(409, conflict.status);
        assertEquals(
                "{\"error\":\"network: expected the name of a network: blue\",\"object\":\"port "
                        + "t2\",\"value\":\"green\","
                        + "\"remedy\":\"nothing was changed\"}\n",
                conflict.body);

        Answer invalid = ask("POST", "/v1/ports", "{\"name\": \"t/2\", \"kind\": \"tap\", \"netwrok\": \"blue\"}");
        assertEquals(400, invalid.status);
        assertTrue(invalid.body.contains("\"errors\":[\"request:1:"), invalid.body);
        assertTrue(invalid.body.contains("\"object\":\"port t/2\""), invalid.body);
        assertTrue(invalid.body.contains("did you mean 'network'?"), invalid.body);
        assertEquals(400, ask("POST", "/v1/ports", "{").status);
        assertEquals(400, ask("POST", "/v1/trace", "{\"port\": \"tap-vm1\"}").status);
        assertEquals(400, ask("POST", "/v1/trace", "nonsense").status);
        assertEquals(400, ask("DELETE", "/v1/hosts/blue/x", "").status);
        assertEquals(409, ask("DELETE", "/v1/networks/blue", "").status);
        assertEquals(400, get("/v1/ports?color=red").status);
        assertEquals(404, get("/v1/flows?port=nope").status);
        assertEquals(404, get("/v1/arp?network=nope").status);
        assertEquals(404, get("/v1/leases?network=nope").status);
        assertEquals(404, get("/v1/hosts?network=nope").status);
        assertEquals(200, get("/v1/hosts?network=blue").status);
        assertEquals(400, get("/v1/drops?all=maybe").status);
        assertEquals(200, get("/v1/drops?all=false").status);
        assertEquals(404, get("/v2/ports").status);
        assertEquals(404, get("/").status);
        assertEquals(400, get("/v1/ports/%zz").status);
        Answer method = ask("PUT", "/v1/ports", "");
        assertEquals(405, method.status);
        assertTrue(method.body.contains("use GET or POST"), method.body);
    }

    @Test
    void aPersonGetsText() throws IOException {
        Answer refused = raw("GET /v1/ports/nope HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n\r\n");
        assertEquals("port nope: does not exist; see 'jvswitch port list'\n", refused.body);
        Answer ports = raw("GET /v1/ports HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n\r\n");
        assertTrue(ports.body.startsWith("PORT     NO  NETWORK"), ports.body);
    }

    @Test
    void reloadIsAllOrNothing() throws Exception {
        assertEquals("{\"changes\":[]}\n", ask("POST", "/v1/reload", "").body);
        Files.writeString(config, CONFIG.replace("vni: 42", "vni: x").replace("kind: tap", "kind: tub"));
        Answer refused = ask("POST", "/v1/reload", "");
        assertEquals(400, refused.status);
        assertTrue(refused.body.contains(config + ":4:30: networks.blue.vni: value 'x'"), refused.body);
        assertTrue(refused.body.contains(config + ":6:19: ports.tap-vm1.kind: value 'tub'"), refused.body);
        Files.writeString(config, CONFIG.replace("name: hv1", "name: hv2"));
        assertEquals(409, ask("POST", "/v1/reload", "").status);
        Files.writeString(config, CONFIG.replace("tap-vm1:", "tap-vm9:"));
        assertEquals("{\"changes\":[\"configuration reloaded\"]}\n", ask("POST", "/v1/reload", "").body);
        assertEquals(200, get("/v1/ports/tap-vm9").status);
    }

    @Test
    void aDumpOfManyFlowsIsStreamed() throws IOException {
        control.setFlows(100_000);
        Answer flows = get("/v1/flows");
        assertTrue(flows.head.contains("transfer-encoding: chunked"), flows.head);
        assertEquals(
                100_000, flows.body.lines().filter(line -> line.startsWith("{")).count());
        assertEquals(100_000, Json.read(flows.body, Object[].class).length);
    }

    @Test
    void bodiesAndGarbageAreBounded() throws IOException {
        Answer tooLarge = raw("POST /v1/ports HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
        assertEquals(413, tooLarge.status);
        assertEquals(
                "{\"error\":\"has a body of more than 4 MiB\",\"object\":\"request\",\"remedy\":\"send it in parts, "
                        + "or put it into"
                        + " the configuration file and reload\"}\n",
                tooLarge.body);
        Answer asked = raw("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        assertEquals(413, asked.status);
        assertEquals(tooLarge.body, asked.body);
        Answer garbage = raw("\u0001\u0002 not http at all\r\n\r\n");
        assertEquals(400, garbage.status);
        assertEquals(200, get("/v1/show").status);
    }

    @Test
    void requestsBeforeTheSwitchRunsAreToldSo() throws IOException {
        Path early = dir.resolve("early.sock");
        try (ControlServer starting = ControlServer.open(early)) {
            Path usual = socket;
            socket = starting.path();
            Answer answer = get("/v1/show");
            socket = usual;
            assertEquals(503, answer.status);
            assertTrue(answer.body.contains("is still starting"), answer.body);
        }
    }

    @Test
    void theSameSocketTwiceIsRefused() {
        ControlRefusedException refused = assertThrows(ControlRefusedException.class, () -> ControlServer.open(socket));
        assertEquals(
                "control socket " + socket + ": this process serves it already; give this switch another name",
                refused.getMessage());
    }

    @Test
    void anotherProgramsSocketIsRefused() throws IOException {
        Path other = dir.resolve("other.sock");
        try (ServerSocketChannel program = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            program.bind(UnixDomainSocketAddress.of(other));
            assertEquals(
                    "another program serves it",
                    assertThrows(ControlRefusedException.class, () -> ControlServer.open(other))
                            .what());
        }
        assertTrue(Files.exists(other));
    }

    @Test
    void whatACrashedDaemonLeftIsReplaced() throws IOException {
        Path stale = dir.resolve("stale.sock");
        ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        crashed.bind(UnixDomainSocketAddress.of(stale));
        crashed.close();
        Files.writeString(dir.resolve("stale.sock.lock"), "99999999\n");
        assertTrue(Files.exists(stale));
        try (ControlServer again = ControlServer.open(stale)) {
            socket = again.path();
            assertEquals(503, get("/v1/show").status);
        }
        assertFalse(Files.exists(stale));
    }

    @Test
    void aFileIsNotReplaced() throws IOException {
        Path file = dir.resolve("file.sock");
        Files.writeString(file, "precious");
        assertEquals(
                "exists and is not a socket",
                assertThrows(ControlRefusedException.class, () -> ControlServer.open(file))
                        .what());
        assertEquals("precious", Files.readString(file));
    }
}
