package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ProcFileTest {
    /** As Linux 6.18 wrote it for a process that was renamed to hold what a parser stumbles over. */
    private static final String STAT =
            "4711 (a b) R 1 (c) S 4689 4711 4711 0 -1 4194304 1283 0 3 0 250 125 7 9 20 0 1 0 "
                    + "115230 9064448 1289 18446744073709551615 1 1 0 0 0 0 65536 4 65538 0 0 0 17 1 0 0 0 0 0";

    @Test
    void aProcessHasUserAndSystemTimeButNotItsChildrens() {
        assertEquals(3.75, ProcFile.processSeconds(STAT), 1e-9);
    }

    @Test
    void whatIsNotAStatLineIsSaid() {
        for (String line : new String[] {"", "4711", "4711 (a)", "4711 (a) S 1 2 3"}) {
            assertThrows(IllegalArgumentException.class, () -> ProcFile.processSeconds(line), line);
        }
        assertThrows(IllegalArgumentException.class, () -> ProcFile.machineSeconds("cpu0 1 2 3 4 5 6 7 8"));
        assertThrows(IllegalArgumentException.class, () -> ProcFile.machineSeconds("cpu  1 2"));
    }

    @Test
    void aMachineWorksWhenItNeitherIdlesNorWaits() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        assertEquals(
                0.01 * (1 + 20 + 300 + 6000 + 70000),
                ProcFile.machineSeconds("cpu  1 20 300 999999 888888 6000 70000 555555 1 20"),
                1e-9);
    }

    @Test
    void residentMemoryIsInKibibytes() {
        assertEquals(123_456L * 1024, ProcFile.residentBytes("Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  123456 kB\n"));
        assertThrows(IllegalArgumentException.class, () -> ProcFile.residentBytes("Name:\tkthreadd\n"));
    }
}
