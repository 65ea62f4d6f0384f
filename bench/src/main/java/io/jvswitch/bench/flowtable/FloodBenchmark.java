package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A full table under a flood: of every burst half the frames belong to 4,000 established flows, the others come once,
 * each with a new source MAC and port, are missed, and take a place. An operation is one burst of 32.
 *
 * <p>The counters tell what became of the established flows: answered by the cache, by the classifier, or lost and
 * inserted anew.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state in before it runs
public class FloodBenchmark {

    private static final int ESTABLISHED = 4000;
    private static final int CAPACITY = 20_000;
    private static final int CACHE_ENTRIES = 8192;

    /** Frames of the flood in a burst of 32. */
    @Param({"0", "16"})
    int flood;

    private final TcpFlows traffic = new TcpFlows(ESTABLISHED);
    private final FlowKey[] keys = new FlowKey[TcpFlows.BURST];
    private final FlowMask mask = TcpFlows.mask();
    private final FlowTable<String> table = new FlowTable<>(CAPACITY, CACHE_ENTRIES);
    private @Nullable Flow<String>[] found;
    private long newcomers;
    private int next;
    private long nowNs;

    /** What became of the frames. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Fate {
        public long establishedFrames;
        public long establishedLost;
        public long cacheHits;
    }

    /** Lets every established flow be seen some times, and the flood fill the table. */
    @Setup
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void establish() {
        found = (Flow<String>[]) new Flow[TcpFlows.BURST];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = traffic.key(0);
        }
        Fate unused = new Fate();
        for (int i = 0; i < 4 * CAPACITY; i++) {
            burst(unused);
        }
    }

    @Benchmark
    public Object burst(Fate fate) {
        nowNs += 10_000;
        for (int i = 0; i < TcpFlows.BURST; i++) {
            FlowKey key = keys[i];
            if (i < flood) {
                newcomers++;
                key.set(FlowField.ETH_SRC, 0x0600_0000_0000L + newcomers);
                key.set(FlowField.L4_SRC, newcomers & 0xffff);
            } else {
                int flow = traffic.inOrder(next);
                next = next + 1 == ESTABLISHED ? 0 : next + 1;
                key.set(FlowField.ETH_SRC, 0x0200_0000_0001L);
                key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + flow);
            }
        }
        long hitsBefore = table.cacheHits();
        table.lookup(keys, TcpFlows.BURST, found);
        fate.cacheHits += table.cacheHits() - hitsBefore;
        fate.establishedFrames += TcpFlows.BURST - flood;
        for (int i = 0; i < TcpFlows.BURST; i++) {
            Flow<String> flow = found[i];
            if (flow == null) {
                flow = table.insert(keys[i], mask, "output", 1, nowNs);
                fate.establishedLost += i < flood ? 0 : 1;
            }
            flow.count(1, 66, nowNs);
        }
        return found;
    }
}
