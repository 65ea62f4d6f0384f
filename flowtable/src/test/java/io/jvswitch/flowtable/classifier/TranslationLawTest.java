package io.jvswitch.flowtable.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.key.RandomKeys;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The law of a translation that writes: rules of several tables, which set fields, move bits, resubmit and clone; every
 * frame that agrees with another in the mask of the other's translation gets the same verdict from a fresh one.
 */
class TranslationLawTest {

    private static final FlowField[] FIELDS = FlowField.values();
    private static final int TABLES = 4;
    private static final int MAX_DEPTH = 6;
    private static final int MAX_STEPS = 60;

    private sealed interface Step {
        record Output(int port) implements Step {}

        record Resubmit(int table) implements Step {}

        /** What the table's rules write is not seen after it. */
        record Clone(int table) implements Step {}

        record Set(FlowField field, long hi, long lo, long maskHi, long maskLo) implements Step {}

        record Move(FlowField source, int sourceBit, FlowField destination, int destinationBit, int bits)
                implements Step {}
    }

    /** A frame that leaves: by which port, which bits of its key were written, and with what. */
    private record Sent(int port, FlowMask written, FlowKey values) {}

    private final RandomGenerator random = Seed.random(TranslationLawTest.class);
    private final RandomKeys keys = new RandomKeys(random);
    private final List<RuleTable<List<Step>>> tables = new ArrayList<>();
    private final FlowReader reader = new FlowReader();
    private final FlowMask mask = new FlowMask();
    private final List<Sent> sent = new ArrayList<>();
    private int steps;

    /** Any field, and often one of two registers. */
    private FlowField field() {
        return random.nextInt(3) == 0 ? FlowField.reg(random.nextInt(2)) : FIELDS[random.nextInt(FIELDS.length)];
    }

    /** What rules ask for: values that frames and the steps' writes have. */
    private FlowKey match() {
        FlowKey match = keys.key();
        match.set(FlowField.REG0, random.nextInt(4));
        match.set(FlowField.REG1, random.nextInt(4));
        return match;
    }

    private FlowMask matchMask() {
        FlowMask mask = random.nextInt(5) == 0 ? keys.mask() : keys.usefulMask();
        return random.nextInt(3) == 0 ? mask.bits(FlowField.reg(random.nextInt(2)), random.nextInt(8)) : mask;
    }

    private Step step(int table) {
        int later = table + 1 < TABLES && random.nextInt(8) != 0 ? random.nextInt(table + 1, TABLES) : table;
        return switch (random.nextInt(8)) {
            case 0 -> new Step.Output(random.nextInt(100));
            case 1, 2 -> new Step.Resubmit(later);
            case 3 -> new Step.Clone(later);
            case 4 -> {
                FlowKey other = match();
                FlowField field = field();
                yield new Step.Set(field, other.getHi(field), other.get(field), -1L, -1L);
            }
            case 5 -> new Step.Set(field(), random.nextInt(4), random.nextInt(4), random.nextLong(), random.nextLong());
            default -> {
                FlowField source = field();
                FlowField destination = field();
                int bits = random.nextInt(1, Math.min(source.bits(), destination.bits()) + 1);
                yield new Step.Move(
                        source,
                        random.nextInt(source.bits() - bits + 1),
                        destination,
                        random.nextInt(destination.bits() - bits + 1),
                        bits);
            }
        };
    }

    private void makeTables() {
        tables.clear();
        for (int table = 0; table < TABLES; table++) {
            RuleTable<List<Step>> rules = new RuleTable<>(100);
            for (int i = random.nextInt(5, 60); i > 0; i--) {
                List<Step> list = new ArrayList<>();
                for (int j = random.nextInt(1, 5); j > 0; j--) {
                    list.add(step(table));
                }
                rules.insert(match(), matchMask(), i, list, 0);
            }
            tables.add(rules);
        }
    }

    private List<Sent> translate(FlowKey frame) {
        sent.clear();
        steps = 0;
        mask.clear();
        reader.reset(frame, mask);
        run(0, 0);
        return List.copyOf(sent);
    }

    private void run(int table, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        Rule<List<Step>> rule = tables.get(table).lookup(reader, 0);
        if (rule == null) {
            return;
        }
        for (Step step : rule.value()) {
            if (++steps > MAX_STEPS) {
                return;
            }
            switch (step) {
                case Step.Output(int port) -> {
                    FlowKey values = new FlowKey();
                    values.copyMasked(reader.current(), reader.written());
                    sent.add(new Sent(port, new FlowMask().copyFrom(reader.written()), values));
                }
                case Step.Resubmit(int next) -> run(next, depth + 1);
                case Step.Clone(int next) -> {
                    int saved = reader.save();
                    run(next, depth + 1);
                    reader.restore(saved);
                }
                case Step.Set(FlowField field, long hi, long lo, long maskHi, long maskLo) ->
                    reader.set(field, hi, lo, maskHi, maskLo);
                case Step.Move(FlowField source, int sourceBit, FlowField destination, int destinationBit, int bits) ->
                    reader.move(source, sourceBit, destination, destinationBit, bits);
            }
        }
    }

    @Test
    void everyFrameOfTheMegaflowIsTranslatedAlike() {
        int different = 0;
        int wroteBeforeOutput = 0;
        for (int round = 0; round < 150; round++) {
            makeTables();
            for (int i = 0; i < 60; i++) {
                FlowKey frame = keys.key();
                FlowKey before = new FlowKey();
                before.copyFrom(frame);
                List<Sent> verdict = translate(frame);
                assertEquals(before, frame, "the arrived key is not changed");
                wroteBeforeOutput += (int) verdict.stream()
                        .filter(each -> !each.written().isEmpty())
                        .count();
                FlowMask looked = new FlowMask().copyFrom(mask);
                assertNull(looked.first(FlowField.Region.PIPELINE), looked::toString);
                for (int j = 0; j < 6; j++) {
                    FlowKey other = keys.agreeing(frame, looked);
                    different += frame.equals(other) ? 0 : 1;
                    assertEquals(verdict, translate(other), () -> frame + " and " + other + " under " + looked);
                }
            }
        }
        assertTrue(different > 10_000, "pairs of different frames of one megaflow: " + different);
        assertTrue(wroteBeforeOutput > 1_000, "outputs after a write: " + wroteBeforeOutput);
    }

    /** {@code set_field:1->reg0,resubmit(,5)}. */
    @Test
    void matchingOnWhatTheTranslationWroteCostsNoBit() {
        for (FlowField field : List.of(FlowField.REG0, FlowField.METADATA, FlowField.CT_MARK)) {
            RuleTable<String> fifth = new RuleTable<>(10);
            FlowKey one = new FlowKey();
            one.set(field, 1);
            fifth.insert(one, new FlowMask().exact(field), 2, "one", 0);
            fifth.insert(new FlowKey(), new FlowMask().exact(field), 1, "zero", 0);
            mask.clear();
            reader.reset(keys.key(), mask);
            reader.set(field, 1);
            Rule<String> rule = fifth.lookup(reader, 0);
            assertEquals("one", rule == null ? "none" : rule.value());
            assertTrue(mask.isEmpty(), mask::toString);
        }
    }

    @Test
    void aRegisterThatNobodyWroteIsZeroAndCostsNoBit() {
        RuleTable<String> table = new RuleTable<>(10);
        table.insert(new FlowKey(), new FlowMask().exact(FlowField.reg(31)), 1, "zero", 0);
        reader.reset(keys.key(), mask);
        Rule<String> rule = table.lookup(reader, 0);
        assertEquals("zero", rule == null ? "none" : rule.value());
        assertEquals(0, reader.get(FlowField.METADATA));
        reader.move(FlowField.METADATA, 3, FlowField.CT_LABEL, 70, 40);
        assertTrue(reader.isByPrefix(FlowField.REG2, 0));
        assertTrue(mask.isEmpty(), mask::toString);
    }

    /** The trie is asked for the address as it was written, and of the bits that it says only the frame's own count. */
    @Test
    void prefixesAreToldApartInTheKeyAsItWasWritten() {
        RuleTable<String> routes = new RuleTable<>(10);
        FlowKey net = new FlowKey();
        net.set(FlowField.IP_DST, 0xffff_0a01_0000L);
        routes.insert(net, new FlowMask().prefix(FlowField.IP_DST, 112), 1, "10.1/16", 0);
        FlowKey frame = new FlowKey();
        frame.set(FlowField.IP_DST, 0xffff_0a01_0203L);
        reader.reset(frame, mask);
        reader.set(FlowField.IP_DST, 0, 0xffff_0000_0000L, 0, 0xffff_ff00_0000L);
        assertNull(routes.lookup(reader, 0));
        // 0.1.2.3 differs from 10.1/16 in the address's fifth bit, which was written; the high half was not.
        assertEquals(new FlowMask().bits(FlowField.IP_DST, -1L, 0xffff_0000_0000_0000L), mask);
        mask.clear();
        reader.set(FlowField.IP_DST, 0, 0xffff_0a00_0000L, 0, 0xffff_ff00_0000L);
        Rule<String> rule = routes.lookup(reader, 0);
        assertEquals("10.1/16", rule == null ? "none" : rule.value());
        assertEquals(new FlowMask().bits(FlowField.IP_DST, -1L, 0xffff_0000_00ff_0000L), mask);
    }
}
