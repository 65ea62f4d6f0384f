package io.jvswitch.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class NetnsIT {
    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @Test
    void twoNamespacesTalkOverTheirCable() {
        Peers.require("ping");
        try (Netns left = Netns.create("left");
                Netns right = Netns.create("right")) {
            left.connect("cable0", right, "cable1");
            left.run("ip", "address", "add", "192.0.2.1/24", "dev", "cable0");
            right.run("ip", "address", "add", "192.0.2.2/24", "dev", "cable1");
            left.run("ping", "-c", "1", "-W", "10", "192.0.2.2");
        }
    }

    @Test
    void closingEndsWhatRanInsideAndDeletesTheNamespace() {
        RunningProgram sleeper;
        String name;
        try (Netns netns = Netns.create("closing")) {
            name = netns.name();
            // The shell is the started process; sleep, in its own session, is found by its namespace only.
            sleeper = netns.start("sh", "-c", "setsid sleep 1000 & echo started; wait");
            sleeper.awaitOutput("started", Duration.ofSeconds(30));
            assertTrue(Programs.run("ip", "netns", "list").contains(name));
        }
        assertFalse(sleeper.process().isAlive());
        assertFalse(Programs.run("ip", "netns", "list").contains(name));
        assertEquals(1, Programs.tryRun("ip", "netns", "pids", name).status());
    }

    @Test
    void aFailingProgramIsAnErrorWithWhatItSaid() {
        try (Netns netns = Netns.create("failing")) {
            AssertionError error = assertThrows(AssertionError.class, () -> netns.run("ls", "/no/such/directory"));
            assertTrue(String.valueOf(error.getMessage()).contains("/no/such/directory"), error.getMessage());
        }
    }

    @Test
    void aProgramThatEndsWithoutTheAwaitedOutputFailsAtOnce() {
        try (Netns netns = Netns.create("ending");
                RunningProgram program = netns.start("sh", "-c", "echo something else")) {
            AssertionError error = assertThrows(
                    AssertionError.class, () -> program.awaitOutput("the awaited", Duration.ofSeconds(60)));
            assertTrue(String.valueOf(error.getMessage()).contains("something else"), error.getMessage());
        }
    }
}
