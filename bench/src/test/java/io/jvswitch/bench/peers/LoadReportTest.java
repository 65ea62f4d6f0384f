package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.vswitchd.demo.StepFailedException;
import io.jvswitch.vswitchd.view.StatsView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadReportTest {

    private static String stat(int pid, int userTicks, int systemTicks) {
        return pid + " (switch) S 1 1 1 0 -1 0 0 0 0 0 " + userTicks + " " + systemTicks + " 0 0 20 0 1 0 5 6 7";
    }

    private static double value(Map<Figure, Double> figures, Figure figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }

    private static final String TWO_PROCESSES =
            """
            begin.machine=cpu  1000 0 1000 5000 0 0 0 0 0 0
            begin.process=%s
            begin.process=%s
            end.machine=cpu  1100 0 1200 5000 0 0 0 0 0 0
            end.process=%s
            end.process=%s
            ns=2000000000
            received=500000000
            sent=0
            """.formatted(stat(7, 10, 10), stat(8, 100, 0), stat(7, 40, 30), stat(8, 150, 0));

    @Test
    void streamsAreGigabitsAndTheirCost() {
        Map<Figure, Double> figures = LoadReport.parse(TWO_PROCESSES).streamFigures();
        // 500 MB in 2 s are 4 Gbit; 1 s of two processes, 3 s of the machine.
        assertEquals(2.0, value(figures, Figure.THROUGHPUT), 1e-9);
        assertEquals(250, value(figures, Figure.CPU_PER_GIGABIT), 1e-6);
        assertEquals(750, value(figures, Figure.MACHINE_PER_GIGABIT), 1e-6);
    }

    @Test
    void datagramsAreFramesAndTheirCost() {
        Map<Figure, Double> figures = LoadReport.parse(TWO_PROCESSES
                        .replace("received=500000000", "received=200000")
                        .replace("sent=0", "sent=300000"))
                .datagramFigures();
        assertEquals(100, value(figures, Figure.DELIVERED), 1e-9);
        assertEquals(150, value(figures, Figure.OFFERED), 1e-9);
        assertEquals(5000, value(figures, Figure.CPU_PER_MILLION_FRAMES), 1e-6);
        assertEquals(15000, value(figures, Figure.MACHINE_PER_MILLION_FRAMES), 1e-6);
    }

    @Test
    void aSwitchInTheKernelHasNoTimeOfItsOwn() {
        String output = TWO_PROCESSES.replaceAll("(?m)^(begin|end)\\.process=.*\n", "");
        Map<Figure, Double> figures = LoadReport.parse(output).streamFigures();
        assertEquals(Set.of(Figure.THROUGHPUT, Figure.MACHINE_PER_GIGABIT), figures.keySet());
    }

    @Test
    void whatWasNotDeliveredHasNoCost() {
        Map<Figure, Double> figures = LoadReport.parse(TWO_PROCESSES.replace("received=500000000", "received=0"))
                .datagramFigures();
        assertEquals(0, value(figures, Figure.DELIVERED), 0);
        assertFalse(figures.containsKey(Figure.CPU_PER_MILLION_FRAMES));
    }

    @Test
    void aMissingLineIsNamed() {
        StepFailedException thrown = assertThrows(
                StepFailedException.class,
                () -> LoadReport.parse("received=1\nnonsense\n=\n").streamFigures());
        assertEquals("the load generator did not say 'ns'", thrown.getMessage());
    }

    @Test
    void percentilesOfRoundTrips() {
        ByteBuffer counts = ByteBuffer.allocate(1000 * 2 * Long.BYTES);
        for (int i = 1; i < 1000; i++) {
            counts.putLong(i * 1000L).putLong(2);
        }
        // Longer than ten minutes: a request that was hung up is not left out.
        counts.putLong(700_000_000_000L).putLong(1);
        Map<Figure, Double> figures = Load.percentiles(counts.flip());
        assertEquals(500, value(figures, Figure.P50), 1);
        assertEquals(990, value(figures, Figure.P99), 1);
        assertEquals(999, value(figures, Figure.P999), 1);
        assertEquals(7e8, value(figures, Figure.MAX), 1e6);
        assertEquals(1999, value(figures, Figure.REQUESTS), 0);
        assertThrows(StepFailedException.class, () -> Load.percentiles(ByteBuffer.allocate(0)));
    }

    @Test
    void aReadingIsSummedOverWorkersAndDaemons() {
        StatsView daemon = new StatsView(
                List.of(),
                List.of(worker(100, 16), worker(20, 0)),
                List.of(),
                new StatsView.JvmView(5_000, 2, 7_000_000));
        DaemonReading reading = DaemonReading.of(List.of(daemon, daemon));
        assertEquals(new DaemonReading(240, 32, 10_000, 4, 14_000_000), reading);
        assertEquals(new DaemonReading(0, 0, 0, 0, 0), reading.since(reading));
        Map<Figure, Double> allocation = reading.allocation(2, 2);
        assertEquals(32 / 240.0, value(allocation, Figure.BYTES_PER_FRAME), 1e-9);
        assertEquals(2.5, value(allocation, Figure.ALLOCATION_RATE), 1e-9);
        assertEquals(0.1, value(reading.collections(4000), Figure.HELD_UP), 1e-9);
        assertEquals(14, value(reading.collections(4000), Figure.COLLECTION_TIME), 1e-9);
    }

    private static StatsView.WorkerView worker(long frames, long allocatedBytes) {
        return new StatsView.WorkerView(0, 0, 0, 0, 0, 0, 0, frames, 0, 0, 0, 0, 0, 0, 0, 0, allocatedBytes);
    }
}
