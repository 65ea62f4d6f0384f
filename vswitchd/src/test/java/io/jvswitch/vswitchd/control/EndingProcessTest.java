package io.jvswitch.vswitchd.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags as Linux 6 gives them: 4194304 is PF_RANDOMIZE, of every process; 4194308 is that and PF_EXITING. */
final class EndingProcessTest {

    @TempDir
    private Path process;

    private void thread(int number, String state, long flags) throws IOException {
        Path directory = Files.createDirectories(process.resolve("task").resolve(Integer.toString(number)));
        Files.writeString(
                directory.resolve("stat"), number + " (a (b) c) " + state + " 1 2 3 0 -1 " + flags + " 0 0 0 0\n");
    }

    @Test
    void thisProcessRuns() {
        assertFalse(EndingProcess.is(ProcessHandle.current().pid()));
    }

    @Test
    void nobodyIsNotEnding() {
        assertFalse(EndingProcess.is(process));
    }

    @Test
    void aZombieWhoseOtherThreadClosesFilesIsEnding() throws IOException {
        thread(7, "Z", 4_194_308);
        thread(8, "D", 4_194_308);
        assertEquals(true, EndingProcess.is(process));
        thread(9, "S", 4_194_304);
        assertFalse(EndingProcess.is(process), "a thread of it runs");
    }

    @Test
    void aZombieThatNobodyHasReapedHasEnded() throws IOException {
        thread(7, "Z", 4_194_308);
        assertFalse(EndingProcess.is(process));
    }
}
