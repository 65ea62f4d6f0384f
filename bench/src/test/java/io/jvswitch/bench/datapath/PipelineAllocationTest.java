package io.jvswitch.bench.datapath;

import io.jvswitch.testkit.AllocationMeter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steady state allocates nothing, from receive to transmit, on each way through the switch that is measured. */
final class PipelineAllocationTest {

    private static final int BURSTS = 1_000;

    @ParameterizedTest
    @EnumSource
    void aBurstAllocatesNothing(PipelineBenchmark.Path path) {
        PipelineBenchmark pipeline = new PipelineBenchmark();
        pipeline.path = path;
        pipeline.wire();
        try {
            AllocationMeter.awaitNone(BURSTS + " bursts", () -> {
                for (int i = 0; i < BURSTS; i++) {
                    pipeline.burst();
                }
            });
        } finally {
            pipeline.close();
        }
    }
}
