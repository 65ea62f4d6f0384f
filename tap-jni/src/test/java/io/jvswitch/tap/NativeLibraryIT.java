package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking the library where programs may not be run from. */
final class NativeLibraryIT {

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    /** In a mount namespace of its own, which ends with the program. */
    private static Programs.Outcome onNoexec(Path directory, String chosen) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Programs.tryRun(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && shift && exec \"$@\"",
                directory.toString(),
                "shifted",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory,
                "-D" + NativeLibrary.DIRECTORY_PROPERTY + "=" + chosen,
                "-cp",
                System.getProperty("java.class.path"),
                Loading.class.getName());
    }

    /** The program that is run: loads the library and says so. */
    static final class Loading {

        private Loading() {}

        public static void main(String[] arguments) {
            NativeLibrary.load();
            System.out.println("loaded");
        }
    }

    @Test
    void aDirectoryMountedNoexecIsNamedWithTheWayOut(@TempDir Path directory) {
        Programs.Outcome outcome = onNoexec(directory, directory.toString());
        assertEquals(1, outcome.status(), outcome.output());
        String said = outcome.output();
        assertTrue(said.contains(directory + " does not allow programs to be run from it"), said);
        assertTrue(said.contains("-D" + NativeLibrary.DIRECTORY_PROPERTY + "=DIRECTORY"), said);
    }

    @Test
    void anotherDirectoryIsTheWayOut(@TempDir Path directory, @TempDir Path chosen) {
        Programs.Outcome outcome = onNoexec(directory, chosen.toString());
        assertEquals(0, outcome.status(), outcome.output());
        assertTrue(outcome.output().contains("loaded"), outcome.output());
    }
}
