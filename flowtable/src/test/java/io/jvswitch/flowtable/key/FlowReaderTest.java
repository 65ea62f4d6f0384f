package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FlowReaderTest {

    private static final FlowField[] FIELDS = FlowField.values();

    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();
    private final FlowReader reader = new FlowReader();

    @Test
    void aReadFieldIsLookedAtAndNoOther() {
        key.set(FlowField.ETH_TYPE, 0x0800);
        reader.reset(key, mask);
        assertEquals(0x0800, reader.get(FlowField.ETH_TYPE));
        assertEquals(new FlowMask().exact(FlowField.ETH_TYPE), mask);
        assertFalse(reader.is(FlowField.IP_PROTO, 6));
        assertEquals(new FlowMask().exact(FlowField.ETH_TYPE).exact(FlowField.IP_PROTO), mask);
    }

    @Test
    void halvesAndBitsAreLookedAtByThemselves() {
        key.set(FlowField.IP_SRC, 7, 0xffff_0a00_0001L);
        key.set(FlowField.ETH_DST, 0x0100_5e00_0001L);
        reader.reset(key, mask);
        assertEquals(0xffff_0a00_0001L, reader.get(FlowField.IP_SRC));
        assertEquals(new FlowMask().bits(FlowField.IP_SRC, -1L), mask);
        mask.clear();
        assertEquals(7, reader.getHi(FlowField.IP_SRC));
        assertEquals(new FlowMask().bits(FlowField.IP_SRC, -1L, 0), mask);
        mask.clear();
        assertTrue(reader.test(FlowField.ETH_DST, 0x0100_0000_0000L));
        assertEquals(new FlowMask().bits(FlowField.ETH_DST, 0x0100_0000_0000L), mask);
        mask.clear();
        assertFalse(reader.is(FlowField.IP_SRC, 0xffff_0a00_0001L));
        assertEquals(new FlowMask().exact(FlowField.IP_SRC), mask);
    }

    @Test
    void aRareValueIsToldByThePrefixUpToTheFirstDifference() {
        key.set(FlowField.L4_DST, 0x8043);
        key.set(FlowField.L4_SRC, 0x0042);
        reader.reset(key, mask);
        assertFalse(reader.isByPrefix(FlowField.L4_DST, 0x0043));
        assertEquals(new FlowMask().bits(FlowField.L4_DST, 0x8000), mask);
        mask.clear();
        assertFalse(reader.isByPrefix(FlowField.L4_SRC, 0x0044));
        assertEquals(new FlowMask().bits(FlowField.L4_SRC, 0xfffc), mask);
        mask.clear();
        assertFalse(reader.isByPrefix(FlowField.L4_SRC, 0x0043));
        assertTrue(reader.isByPrefix(FlowField.L4_DST, 0x8043));
        assertEquals(new FlowMask().exact(FlowField.L4_SRC).exact(FlowField.L4_DST), mask);
    }

    @Test
    void prefixTestsLookAtThePrefix() {
        key.set(FlowField.IP_SRC, 0xffff_0a01_0203L);
        key.set(FlowField.L4_DST, 0x1234);
        reader.reset(key, mask);
        assertTrue(reader.hasIpv4Prefix(FlowField.IP_SRC, 0x0a01_0000, 16));
        assertFalse(reader.hasIpv4Prefix(FlowField.IP_SRC, 0x0a01_0000, 23));
        assertEquals(new FlowMask().prefix(FlowField.IP_SRC, 119), mask);
        assertTrue(reader.hasPrefix(FlowField.L4_DST, 0x1200, 8));
        assertFalse(reader.hasPrefix(FlowField.L4_DST, 0x1300, 8));
        assertTrue(reader.hasPrefix(FlowField.L4_DST, 0xffff, 0));
        assertTrue(reader.hasPrefix(FlowField.TUNNEL_ID, 5, 0));
        assertTrue(reader.hasPrefix(FlowField.IP_SRC, -1L, -1L, 0));
        assertFalse(reader.hasPrefix(FlowField.IP_SRC, 0x2001_0000_0000_0000L, 0, 16));
        assertTrue(reader.hasPrefix(FlowField.IP_SRC, 0, 0xffff_0a01_0203L, 128));
    }

    /** The law: a key that agrees in everything that was looked at gives the same answers. */
    @Test
    void keysThatAgreeUnderTheMaskAnswerAlike() {
        RandomGenerator random = Seed.random(FlowReaderTest.class);
        RandomKeys keys = new RandomKeys(random);
        FlowReader second = new FlowReader();
        FlowMask secondMask = new FlowMask();
        for (int i = 0; i < 40_000; i++) {
            FlowKey a = keys.key();
            long questions = random.nextLong();
            mask.clear();
            reader.reset(a, mask);
            long answer = ask(reader, questions);
            FlowKey b = keys.agreeing(a, mask);
            assertTrue(a.equalsUnder(mask, b));
            secondMask.clear();
            second.reset(b, secondMask);
            assertEquals(answer, ask(second, questions));
            assertEquals(mask, secondMask);
        }
    }

    private static long ask(FlowReader reader, long questions) {
        RandomGenerator script = new java.util.SplittableRandom(questions);
        long answer = 0;
        for (int i = script.nextInt(1, 4); i > 0; i--) {
            FlowField field = FIELDS[script.nextInt(FIELDS.length)];
            long value = script.nextInt(8);
            answer = answer * 31
                    + switch (script.nextInt(5)) {
                        case 0 -> reader.get(field);
                        case 1 -> reader.getHi(field);
                        case 2 -> reader.is(field, value) ? 1 : 0;
                        case 3 -> reader.test(field, value) ? 1 : 0;
                        default ->
                            reader.hasPrefix(field, 0x2001_0db8_0000_0000L, value, script.nextInt(field.bits() + 1))
                                    ? 1
                                    : 0;
                    };
            // What is asked next depends on the answer, as in a translation.
            if ((answer & 1) == 1) {
                script.nextInt();
            }
        }
        return answer;
    }
}
