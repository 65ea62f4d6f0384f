package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What all commands have in common: usage, help, and which daemon is asked. */
final class CommandLineTest extends AgainstFakeDaemon {

    @Test
    void usageErrorsEndWithStatusTwo() {
        fails(
                2,
                "jvswitch: Unmatched argument at index 0: 'shwo'\nDid you mean: jvswitch show or jvswitch network?\nSee 'jvswitch --help'.\n",
                "shwo");
        fails(2, "jvswitch: Missing required subcommand\nSee 'jvswitch port --help'.\n", "port");
        fails(
                2,
                "jvswitch: Missing option: '--network=NETWORK' or '--vlans=VLAN=NETWORK'\nSee 'jvswitch port add --help'.\n",
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
                "jvswitch: --socket names a daemon to ask, and 'run' asks none: its own socket is switch.control-socket of the"
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
        fails(
                1,
                "jvswitch: several daemons: choose one with --socket or JVSWITCH_SOCKET:\n  " + stale + "\n  " + socket
                        + "\n",
                "show");
        fails(
                1,
                "jvswitch: no daemon serves " + stale
                        + " any more (it ended without removing its socket): start it with 'jvswitch run --config FILE'\n",
                "--socket",
                stale.toString(),
                "show");
    }
}
