package io.jvswitch.bench.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The benchmark measures what it says: rounds are completed while frames flow. */
final class WorkerStopsTest {

    @Test
    void roundsAreCompletedWhileFramesFlow() {
        try (WorkerStops stops = new WorkerStops(16, 2_000)) {
            int rounds = 0;
            for (int i = 0; i < 50 && rounds == 0; i++) {
                rounds = stops.run(300_000_000);
            }
            assertTrue(rounds > 0, rounds + " rounds");
            assertTrue(stops.wall().getTotalCount() > 1_000);
            assertEquals(stops.wall().getTotalCount(), stops.own().getTotalCount());
            assertTrue(stops.size() >= 2_000, "the flows are kept: " + stops.size());
            assertTrue(stops.idleRoundNs() < 2_000_000_000);
        }
    }
}
