package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Key extraction and exact-match hit of a TCP frame, in bursts of 32: ns a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state in before it runs
public class ExactMatchBenchmark {

    @Param({"8000", "1000000"})
    int flows;

    private TcpFlows traffic;
    private FlowTable<String> table;
    private @Nullable Flow<String>[] into;

    /** Fills the table, and the cache with every flow. */
    @Setup
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void fill() {
        traffic = new TcpFlows(flows);
        table = traffic.table(2 * flows);
        into = (Flow<String>[]) new Flow[TcpFlows.BURST];
        for (int i = 0; i < 64 * flows / TcpFlows.BURST; i++) {
            extractAndLookUp();
        }
    }

    /** The stage's floor: what the benchmark's own rewriting of the frames costs. */
    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object rewrite() {
        traffic.nextBurst();
        return traffic;
    }

    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object extract() {
        traffic.nextBurst();
        traffic.extract();
        return traffic.keys;
    }

    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object extractAndLookUp() {
        traffic.nextBurst();
        traffic.extract();
        table.lookup(traffic.keys, TcpFlows.BURST, into);
        return into;
    }

    /** As a worker does it: the hit is counted too. */
    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object extractLookUpAndCount() {
        extractAndLookUp();
        for (int i = 0; i < TcpFlows.BURST; i++) {
            Flow<String> flow = into[i];
            if (flow == null) {
                throw new IllegalStateException("a flow is missing");
            }
            flow.count(1, 66, i);
        }
        return into;
    }
}
