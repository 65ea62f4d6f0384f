package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What somebody reads who starts the switch without the rights that it needs. */
final class CapabilityIT {

    private Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void everyRefusalNamesTheCapabilityThatIsMissing() {
        Netns host = lab.quietHost("rights");
        String said = attempt(host, "-all", "/run/netns/" + host.name());
        expect(said, "tap failed: TAP jvs%d: TUNSETIFF failed with EPERM", "CAP_NET_ADMIN");
        expect(
                said,
                "raw failed: raw IP socket 127.0.0.1 protocol 47: socket(SOCK_RAW) failed with EPERM",
                "CAP_NET_RAW");
        expect(said, "device failed: device lo: SIOCSIFMTU failed with EPERM", "CAP_NET_ADMIN");
        expect(said, "udp worked", "");
        expect(said, "namespace worked", "");
        expect(attempt(host, "-all", "/proc/1/ns/net"), "namespace failed: ", "CAP_SYS_PTRACE");
        String other = "/run/netns/" + lab.quietHost("other").name();
        expect(
                attempt(host, "-all", other),
                "namespace failed: network namespace " + other + ": setns failed with EPERM",
                "CAP_SYS_ADMIN");
    }

    @Test
    void theTwoCapabilitiesOfAServiceAreEnough() {
        Netns host = lab.quietHost("rights");
        String said = attempt(host, "-all,+net_admin,+net_raw", "/run/netns/" + host.name());
        for (String name : new String[] {"tap", "raw", "namespace", "device", "udp"}) {
            expect(said, name + " worked", "");
        }
    }

    /**
     * With the two alone it is the host's setting (kernel.unprivileged_bpf_disabled) whether the kernel tells, and no
     * error.
     */
    @Test
    void segmentSizesNeedOneMore() {
        Netns host = lab.quietHost("rights");
        String namespace = "/run/netns/" + host.name();
        expect(attempt(host, "-all,+net_admin,+net_raw", namespace), "segment sizes worked", "");
        expect(attempt(host, "-all,+net_admin,+net_raw,+bpf", namespace), "segment sizes told: true", "");
    }

    /** Runs {@link Attempts} in the namespace with what {@code setpriv} leaves of root's capabilities. */
    private static String attempt(Netns host, String capabilities, String namespace) {
        Programs.Outcome outcome = Programs.tryRun(host.inside(
                "setpriv",
                "--bounding-set=" + capabilities,
                "--inh-caps=-all",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Attempts.class.getName(),
                namespace));
        assertEquals(0, outcome.status(), outcome.output());
        return outcome.output();
    }

    private static void expect(String said, String start, String capability) {
        assertTrue(
                said.lines().anyMatch(line -> line.startsWith(start) && line.contains(capability)),
                "expected '" + start + "' with " + capability + " in:\n" + said);
    }
}
