package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@link FlowTable#find} beside the owner is linearizable, by Lincheck: megaflows of two masks are inserted, renewed
 * and removed, so that subtables come and go and seats are used again, and every reader sees each flow with actions
 * that it had at a moment of the call. (An insertion into a full table is two changes, an eviction and an insertion,
 * and is not part of this.)
 */
@Param(name = "flow", gen = IntGen.class, conf = "0:3")
@Param(name = "actions", gen = IntGen.class, conf = "0:2")
public class FlowTableLincheckTest {

    private static final FlowMask[] MASKS = {
        new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.ETH_DST),
        new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.ND_TARGET)
    };

    private final FlowTable<Integer> table = new FlowTable<>(16, 0);

    private static FlowKey key(int flow) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, flow);
        return key;
    }

    @Operation(nonParallelGroup = "owner")
    public void insert(@Param(name = "flow") int flow, @Param(name = "actions") int actions) {
        table.insert(key(flow), MASKS[flow & 1], actions, actions, 0);
    }

    @Operation(nonParallelGroup = "owner")
    public boolean remove(@Param(name = "flow") int flow) {
        Flow<Integer> found = table.lookup(key(flow));
        return found != null && table.remove(found);
    }

    @Operation
    public @Nullable Integer find(@Param(name = "flow") int flow) {
        Flow<Integer> found = table.find(key(flow));
        return found == null ? null : found.actions();
    }

    @Test
    void everyInterleavingOfAModelIsLinearizable() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(4)
                .check(FlowTableLincheckTest.class);
    }

    @Test
    void runsOnRealThreadsAreLinearizable() {
        new StressOptions()
                .iterations(15)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(4)
                .check(FlowTableLincheckTest.class);
    }
}
