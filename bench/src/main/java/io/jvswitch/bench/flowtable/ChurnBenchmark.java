package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An empty table filled to a million megaflows, and emptied again in random order: ns a megaflow, collections of
 * garbage included. One invocation is the whole way.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 8)
@NullUnmarked // JMH fills the state in before it runs
public class ChurnBenchmark {

    static final int FLOWS = 1_000_000;
    private static final int MASKS = 32;

    private final TcpFlows traffic = new TcpFlows(FLOWS);
    private final FlowKey key = traffic.key(0);
    private final FlowMask mask = TcpFlows.mask();
    private final FlowMask[] masks = new FlowMask[MASKS];
    private FlowTable<String> empty;

    private static void look(FlowKey key, int flow) {
        key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + flow / 16);
        key.set(FlowField.L4_SRC, 1024 + flow % 16);
    }

    /** A full table, and its flows in random order. */
    @State(Scope.Thread)
    public static class Full {
        private FlowTable<String> table;
        private Flow<String>[] flows;

        /** Fills the table that the invocation will empty. */
        @Setup(Level.Invocation)
        @SuppressWarnings({"unchecked", "rawtypes"})
        public void fill(ChurnBenchmark benchmark) {
            table = new FlowTable<>(FLOWS, 0);
            flows = (Flow<String>[]) new Flow[FLOWS];
            for (int i = 0; i < FLOWS; i++) {
                look(benchmark.key, i);
                flows[benchmark.traffic.inOrder(i)] = table.insert(benchmark.key, benchmark.mask, "output", 1, 0);
            }
        }
    }

    @Setup
    public void makeMasks() {
        Arrays.setAll(masks, MegaflowBenchmark::mask);
    }

    @Setup(Level.Invocation)
    public void newTable() {
        empty = new FlowTable<>(FLOWS, 0);
    }

    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public Object insert() {
        FlowTable<String> table = empty;
        for (int i = 0; i < FLOWS; i++) {
            look(key, i);
            table.insert(key, mask, "output", 1, i);
        }
        if (table.size() != FLOWS) {
            throw new IllegalStateException("the table holds " + table.size());
        }
        return table;
    }

    /** Each megaflow has another mask than the one before. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public Object insertWithManyMasks() {
        FlowTable<String> table = empty;
        for (int i = 0; i < FLOWS; i++) {
            look(key, i);
            table.insert(key, masks[i % MASKS], "output", 1, i);
        }
        if (table.size() != FLOWS) {
            throw new IllegalStateException("the table holds " + table.size());
        }
        return table;
    }

    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public Object remove(Full full) {
        for (Flow<String> flow : full.flows) {
            full.table.remove(flow);
        }
        if (full.table.size() != 0) {
            throw new IllegalStateException("the table still holds " + full.table.size());
        }
        return full.table;
    }
}
