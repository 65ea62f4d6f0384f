package io.jvswitch.datapath.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.NormalTranslator;
import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.TableVersion;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.flowtable.classifier.Rule;
import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import java.util.function.Consumer;

/**
 * The brain of a {@link TestSwitch} that has none of its own: a table with one rule, which says NORMAL. For each frame
 * the bridge's own brain is asked, too. Both must come to the same verdict by looking at the same bits, so that every
 * topology of the tests says that NORMAL is the same whoever asks for it.
 */
final class ComparedBrains implements Translator {

    private final NormalBridge normal;
    private final RuleTable<Consumer<Translation>> table = new RuleTable<>(4);
    private final TableVersion changed = new TableVersion();

    ComparedBrains(NormalBridge normal) {
        this.normal = normal;
        table.insert(new FlowKey(), new FlowMask(), 0, step -> NormalTranslator.normal(step, normal), 0);
    }

    @Override
    public void translate(Translation step) {
        compare(step);
        byRules(step);
    }

    private void byRules(Translation step) {
        step.dependOn(changed);
        Rule<Consumer<Translation>> rule = table.lookup(step.key(), step.rulesVersion());
        if (rule == null) {
            step.drop(DropReason.NO_OUTPUT);
        } else {
            rule.value().accept(step);
        }
    }

    private void compare(Translation step) {
        FlowMask byRulesMask = new FlowMask();
        FlowMask byNormalMask = new FlowMask();
        Verdict byRules = verdict(step, new DecidedBridge(normal, this::byRules), byRulesMask);
        Verdict byNormal = verdict(step, normal, byNormalMask);
        assertEquals(byNormal.toString(), byRules.toString());
        assertEquals(byNormal.network(), byRules.network());
        assertEquals(byNormal.creditsSource(), byRules.creditsSource());
        assertEquals(byNormalMask, byRulesMask);
    }

    /** What a bridge in the place of the one that decides now says of the frame as it arrived. */
    private static Verdict verdict(Translation step, Bridge bridge, FlowMask mask) {
        FlowReader reader = new FlowReader();
        reader.reset(step.key().arrived(), mask);
        return Translation.of(
                reader,
                step.snapshot().change().put(bridge).build(step.snapshot().version()),
                null);
    }
}
