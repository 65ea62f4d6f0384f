package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.classifier.Rule;
import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.flowtable.megaflow.Revalidator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long a worker stops for one slice of revalidation, with 100,000 megaflows that are translated again by a table of
 * 1,000 rules: each slice is measured by itself. A change of the rules is there for every round, so that the slices
 * never run dry: one rule in a hundred gets other actions, and the flows that it decides are renewed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state in before it runs
public class RevalidationBenchmark {

    private static final int FLOWS = 100_000;
    private static final int RULES = 1000;

    /** Megaflows a slice; the workers' housekeeping takes 64. */
    @Param({"64"})
    int slice;

    private final FlowTable<String> table = new FlowTable<>(FLOWS, 0);
    private final RuleTable<String> rules = new RuleTable<>(2 * RULES);
    private final FlowReader reader = new FlowReader();
    private final FlowMask looked = new FlowMask();
    private final Revalidator<String> revalidator = this::judge;
    private FlowKey template;
    private long version = 1;
    private int visited;

    /** Rules for destination ports and prefixes of source addresses, and flows by translation. */
    @Setup
    public void fill() {
        template = new TcpFlows(1).key(0);
        for (int rule = 0; rule < RULES; rule++) {
            setRule(rule, "output " + rule);
        }
        FlowKey key = new FlowKey();
        for (int flow = 0; table.size() < FLOWS; flow++) {
            key.copyFrom(template);
            key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + flow);
            key.set(FlowField.L4_DST, flow % 4);
            String verdict = translate(key);
            // The megaflow of one source address, whatever the rules needed, so that there are 100,000.
            table.insert(key, looked.exact(FlowField.IP_SRC), verdict, version, 0);
        }
    }

    private void setRule(int rule, String actions) {
        FlowKey key = new FlowKey();
        key.copyFrom(template);
        key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + rule * 128L);
        key.set(FlowField.L4_DST, rule % 4);
        FlowMask mask = new FlowMask()
                .exact(FlowField.ETH_TYPE)
                .prefix(FlowField.IP_SRC, rule % 3 == 0 ? 120 : 121)
                .exact(FlowField.L4_DST);
        rules.insert(key, mask, rule % 8, actions, version);
    }

    private String translate(FlowKey key) {
        looked.clear();
        reader.reset(key, looked);
        Rule<String> rule = rules.lookup(reader, version);
        return rule == null ? "drop" : rule.value();
    }

    private Revalidator.Verdict judge(Flow<String> flow, FlowKey key) {
        String verdict = translate(key);
        if (!flow.covers(looked)) {
            return Revalidator.Verdict.REMOVE;
        }
        if (verdict.equals(flow.actions())) {
            return Revalidator.Verdict.KEEP;
        }
        flow.renew(verdict, version);
        return Revalidator.Verdict.RENEW;
    }

    /** Between slices, unmeasured: changes rules when all flows are of this version. */
    @Setup(Level.Invocation)
    public void nextRound() {
        if (visited == 0) {
            version++;
            for (int rule = (int) (version % 100); rule < RULES; rule += 100) {
                setRule(rule, "output " + rule + " of " + version);
            }
            rules.purge(version, 2 * RULES);
        }
    }

    @Benchmark
    public int slice() {
        visited = table.revalidate(version, slice, revalidator);
        return visited;
    }
}
