package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What all commands have in common: usage, help, and which daemon is asked. */
final class CommandLineTest extends AgainstFakeDaemon {

    @Test
    void usageErrorsEndWithStatusTwo() {
        fails(
                2,
                "jvswitch: Unmatched argument at index 0: 'shwo'\nDid you mean: jvswitch show or jvswitch "
                        + "network?\nSee 'jvswitch --help'.\n",
                "shwo");
        fails(2, "jvswitch: Missing required subcommand\nSee 'jvswitch port --help'.\n", "port");
        fails(
                2,
                "jvswitch: Missing option: '--network=NETWORK' or '--vlans=VLAN=NETWORK'\nSee 'jvswitch port add "
                        + "--help'.\n",
                "port",
                "add",
                "x");
        fails(
                2,
                "jvswitch: Missing required parameter: 'MAC'\nSee 'jvswitch host remove --help'.\n",
                "host",
                "remove",
                "blue");
        assertEquals(2, run());
        fails(
                2,
                "jvswitch: --socket names a daemon to ask, and 'run' asks none: its own socket is "
                        + "switch.control-socket of the"
                        + " configuration\nSee 'jvswitch run --help'.\n",
                "--socket",
                "x",
                "run",
                "--config",
                "y");
    }

    @Test
    void helpGoesToTheOutput() {
        assertEquals(0, run("--help"));
        for (String command : new String[] {
            "run", "show", "port", "network", "host", "fdb", "flows", "arp", "leases", "drops", "stats", "top", "trace",
            "capture", "reload", "stop"
        }) {
            assertTrue(out.toString(StandardCharsets.UTF_8).contains("\n  " + command + " "), command);
        }
        assertEquals(0, run("host", "add", "--help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("Usage: jvswitch host add "), out::toString);
        assertEquals(0, run("--version"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("jvswitch "), out::toString);
    }

    @Test
    void theDaemonIsFoundByOptionVariableOrAlone() throws IOException {
        Path nowhere = dir.resolve("nowhere");
        String socket = dir.resolve("sockets/hv1.sock").toString();
        assertEquals(1, run(nowhere, null, "host", "list"));
        assertEquals(0, run(nowhere, socket, "host", "list"));
        assertEquals(0, run(nowhere, "/nonsense", "--socket", socket, "host", "list"));
        assertEquals(0, run(nowhere, "/nonsense", "host", "list", "--socket=" + socket));
        assertEquals(1, run(nowhere, "/nonsense", "host", "list"));
        assertEquals(
                "jvswitch: no daemon at /nonsense: start it with 'jvswitch run --config FILE'\n",
                err.toString(StandardCharsets.UTF_8));

        Path stale = dir.resolve("sockets/another.sock");
        ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        crashed.bind(UnixDomainSocketAddress.of(stale));
        crashed.close();
        assertEquals(0, run("host", "list"), "what a killed daemon left is no choice");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path second = dir.resolve("sockets/hv2.sock");
            other.bind(UnixDomainSocketAddress.of(second));
            fails(
                    1,
                    "jvswitch: several daemons: choose one with --socket or JVSWITCH_SOCKET:\n  " + socket + "\n  "
                            + second + "\n",
                    "show");
        }
        fails(
                1,
                "jvswitch: no daemon serves " + stale
                        + " any more (it ended without removing its socket): start it with 'jvswitch run --config "
                        + "FILE'\n",
                "--socket",
                stale.toString(),
                "show");
    }

    @Test
    void aFullDiskUnderTheOutputIsAFailure() throws Exception {
        assertEquals(1, entry("/dev/full"));
        assertEquals(
                "jvswitch: cannot write the output: No space left on device\n", Files.readString(dir.resolve("err")));
        assertEquals(0, entry(dir.resolve("out").toString()));
        assertTrue(Files.readString(dir.resolve("out")).startsWith("jvswitch "));
    }

    /** As a process of its own, where output is really written. */
    private int entry(String output) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.jvswitch.vswitchd.Main",
                        "--version")
                .redirectOutput(new File(output))
                .redirectError(dir.resolve("err").toFile())
                .start()
                .waitFor();
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoFailure() throws IOException {
        WatchedOutput output = new WatchedOutput(new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                throw new IOException(oneByte == 0 ? "Broken pipe" : "Input/output error");
            }
        });
        assertThrows(IOException.class, () -> output.write(0));
        assertNull(output.failure());
        assertThrows(IOException.class, () -> output.write(new byte[] {1}, 0, 1));
        assertEquals("Input/output error", output.failure());
    }

    @Test
    void whatNoFileCanBeNamedIsAWrongCommandLine() {
        fails(2, """
                jvswitch: Invalid value for option '--socket': value 'a\0b': no file can have that name
                See 'jvswitch show --help'.
                """, "show", "--socket", "a\0b");
    }
}
