package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Object2ObjectHashMap;
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
 * The same frames, extracted by the same code, looked up in what one would take from the shelf: maps from a copy of the
 * whole key. They know no wildcards, so they stand beside the exact-match hit; an operation is a frame.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state in before it runs
public class PeerBenchmark {

    /** Who looks up. */
    public enum Peer {
        /** {@link FlowTable}. */
        JVSWITCH,
        /** {@link ConcurrentHashMap}. */
        CONCURRENT_HASH_MAP,
        /** Agrona's {@link Object2ObjectHashMap}. */
        AGRONA
    }

    @Param
    Peer peer;

    @Param({"8000", "1000000"})
    int flows;

    private TcpFlows traffic;
    private FlowTable<String> table;
    private Map<FlowKey, Object> map;
    private @Nullable Flow<String>[] found;
    private final Object[] values = new Object[TcpFlows.BURST];

    /** Gives every peer an object for each flow. */
    @Setup
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void fill() {
        traffic = new TcpFlows(flows);
        found = (Flow<String>[]) new Flow[TcpFlows.BURST];
        if (peer == Peer.JVSWITCH) {
            table = traffic.table(2 * flows);
            for (int i = 0; i < 8 * flows / TcpFlows.BURST; i++) {
                lookUp();
            }
        } else {
            map = peer == Peer.AGRONA
                    ? new Object2ObjectHashMap<>(2 * flows, 0.6f)
                    : new ConcurrentHashMap<>(2 * flows);
            for (int i = 0; i < flows; i++) {
                map.put(traffic.key(traffic.inOrder(i)), new Object());
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(TcpFlows.BURST)
    public Object lookUp() {
        traffic.nextBurst();
        traffic.extract();
        if (peer == Peer.JVSWITCH) {
            table.lookup(traffic.keys, TcpFlows.BURST, found);
            return found;
        }
        for (int i = 0; i < TcpFlows.BURST; i++) {
            values[i] = map.get(traffic.keys[i]);
        }
        return values;
    }
}
