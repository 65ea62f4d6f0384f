package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.classifier.Rule;
import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.key.RandomKeys;
import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The two halves together: whatever a flow table answers, by cache, megaflow or translation, is what the rules say
 * about that very frame, also while rules change and megaflows are revalidated, aged and evicted.
 */
class MegaflowLawTest {

    /** The actions of a frame that no rule matches. */
    private static final String NONE = "none";

    private final RandomGenerator random = Seed.random(MegaflowLawTest.class);
    private final RandomKeys keys = new RandomKeys(random);
    private final RuleTable<String> rules = new RuleTable<>(500);
    private final FlowTable<String> table = new FlowTable<>(300, 128);
    private final FlowMask looked = new FlowMask();
    private final FlowReader reader = new FlowReader();
    private long version;
    private long now;

    private String translate(FlowKey key) {
        looked.clear();
        reader.reset(key, looked);
        Rule<String> rule = rules.lookup(reader, version);
        return rule == null ? NONE : rule.value();
    }

    private Flow<String> flowOf(FlowKey key, @Nullable Flow<String> found) {
        String verdict = translate(key);
        Flow<String> flow = found != null ? found : table.insert(key, looked, verdict, version, now);
        flow.count(1, 64, now);
        assertEquals(verdict, flow.actions(), () -> "for " + key + " by " + flow);
        return flow;
    }

    private static String actions(@Nullable Flow<String> flow, String otherwise) {
        return flow == null ? otherwise : flow.actions();
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

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void everyAnswerIsWhatTheRulesSay() {
        FlowKey[] burst = new FlowKey[32];
        @Nullable Flow<String>[] into = (Flow<String>[]) new Flow[32];
        for (int round = 0; round < 300; round++) {
            version++;
            for (int i = random.nextInt(4); i >= 0; i--) {
                assertNotNull(rules.insert(
                        keys.key(), keys.usefulMask(), random.nextInt(30), "rule " + round + "/" + i, version));
            }
            if (random.nextInt(3) == 0) {
                rules.removeLoose(keys.key(), keys.usefulMask(), version);
            }
            rules.purge(version, 2);
            while (table.revalidate(version, 16, this::judge) != 0) {
                now++;
            }
            for (int i = 0; i < 20; i++) {
                now++;
                int count = random.nextInt(1, burst.length + 1);
                for (int j = 0; j < count; j++) {
                    burst[j] = keys.key();
                }
                table.lookup(burst, count, into);
                for (int j = 0; j < count; j++) {
                    // Of megaflows that overlap either may answer; they agree on what they have in common. The flow
                    // of an earlier frame of the burst may have been evicted for a later one's.
                    Flow<String> flow = flowOf(burst[j], into[j]);
                    String verdict = flow.actions();
                    FlowKey other = keys.agreeingFrame(burst[j], flow.mask());
                    assertTrue(burst[j].equalsUnder(flow.mask(), other));
                    assertEquals(verdict, translate(other), () -> other + " is of " + flow);
                    assertEquals(verdict, actions(table.find(other), verdict));
                    assertEquals(verdict, actions(table.find(burst[j]), verdict));
                    assertEquals(verdict, actions(table.lookup(burst[j]), verdict));
                }
                table.expire(now, 500, 8);
            }
        }
        assertTrue(table.cacheHits() > 1000 && table.megaflowHits() > 1000 && table.misses() > 1000);
        assertTrue(table.evictions() > 0);
    }
}
