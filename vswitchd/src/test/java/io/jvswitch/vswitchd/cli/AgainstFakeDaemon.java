package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.control.ConfigReload;
import io.jvswitch.vswitchd.control.http.ControlServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a daemon without a data path. Each test class is for one family of commands. */
abstract class AgainstFakeDaemon {

    static final String CONFIG = """
            switch: {name: hv1}
            underlay: {local-ip: 192.0.2.1}
            networks:
              blue:
                tunnel: vxlan
                vni: 42
                remotes: [192.0.2.2]
                subnets: [{cidr: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199}}]
                hosts: [{mac: "02:00:00:00:00:02", ip: 10.0.0.12, vtep: 192.0.2.2}]
              local: {tunnel: none}
            ports:
              tap-vm1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", ip: 10.0.0.11}
              tap-vm2: {kind: tap, network: local, netns: vm2, queues: 2}
            """;

    @TempDir
    Path dir;

    FakeSwitch control;
    private ControlServer server;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        Path config = dir.resolve("hv1.yaml");
        Files.writeString(config, CONFIG);
        Path socket = dir.resolve("sockets/hv1.sock");
        server = ControlServer.open(socket);
        control = new FakeSwitch(
                ConfigReader.read(config), () -> Thread.ofVirtual().start(server::close));
        server.serve(control, new ConfigReload(config, control)::run);
    }

    @AfterEach
    void stop() {
        server.close();
        control.close();
    }

    int run(String... arguments) {
        return run(dir.resolve("sockets"), null, arguments);
    }

    int run(Path socketDir, @Nullable String variable, String... arguments) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                socketDir,
                variable);
        return CommandTree.run(console, arguments, null);
    }

    void prints(String expected, String... arguments) {
        int status = run(arguments);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(expected, out.toString(StandardCharsets.UTF_8));
        assertEquals(0, status);
    }

    void fails(int status, String expected, String... arguments) {
        assertEquals(status, run(arguments), err::toString);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(expected, err.toString(StandardCharsets.UTF_8));
    }
}
