package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.SplittableRandom;
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

/**
 * Megaflow hit without the exact-match cache, in bursts of 32: ns a frame. 8,000 megaflows in all, spread evenly over
 * the masks. Keys are in the first-level cache, as they are when they have just been extracted, which is measured
 * elsewhere.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state in before it runs
public class MegaflowBenchmark {

    private static final int FLOWS = 8000;
    private static final int FRAMES = 1 << 15;

    @Param({"1", "8", "32", "128"})
    int masks;

    /** Percent of the frames that belong to the first two masks inserted; -1: every mask gets the same. */
    @Param({"-1", "90"})
    int firstTwo;

    private FlowTable<String> table;
    private final FlowKey[] keys = new FlowKey[TcpFlows.BURST];
    /** Source addresses, which tell the flows apart, in the order of the frames. */
    private int[] sources;

    private @Nullable Flow<String>[] into;
    private int next;

    /** The i-th mask: the five-tuple's, with ever fewer bits of the destination's MAC and the source port. */
    static FlowMask mask(int i) {
        return new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.IP_SRC)
                .exact(FlowField.IP_DST)
                .exact(FlowField.IP_PROTO)
                .exact(FlowField.L4_DST)
                .prefix(FlowField.ETH_DST, 48 - i / 16)
                .prefix(FlowField.L4_SRC, 16 - i % 16);
    }

    /** Fills the table, and draws the frames. */
    @Setup
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void fill() {
        table = new FlowTable<>(FLOWS, 0);
        into = (Flow<String>[]) new Flow[TcpFlows.BURST];
        TcpFlows traffic = new TcpFlows(1);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = traffic.key(0);
        }
        int flowsOfMask = FLOWS / masks;
        for (int source = 0; source < masks * flowsOfMask; source++) {
            setSource(keys[0], source);
            table.insert(keys[0], mask(source / flowsOfMask), "output", 1, 0);
        }
        SplittableRandom random = new SplittableRandom(7);
        sources = new int[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            boolean first = firstTwo >= 0 && random.nextInt(100) < firstTwo;
            int mask = random.nextInt(first ? Math.min(2, masks) : masks);
            sources[i] = mask * flowsOfMask + random.nextInt(flowsOfMask);
        }
        for (int i = 0; i < 100_000; i++) {
            hit();
        }
    }

    private static void setSource(FlowKey key, int source) {
        key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + source);
    }

    /** Gives the keys their addresses, which costs 2 ns a frame that {@link #hit} includes. */
    private void rewrite() {
        int at = next;
        for (FlowKey key : keys) {
            setSource(key, sources[at]);
            at = at + 1 & FRAMES - 1;
        }
        next = at;
    }

    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object hit() {
        rewrite();
        table.lookup(keys, TcpFlows.BURST, into);
        return into;
    }
}
