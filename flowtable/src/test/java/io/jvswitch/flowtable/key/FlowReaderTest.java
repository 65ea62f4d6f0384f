package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.math.BigInteger;
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

    @Test
    void whatWasWrittenReadsAsWrittenAndIsNotLookedAt() {
        key.set(FlowField.ETH_DST, 0x0200_0000_0001L);
        key.set(FlowField.L4_DST, 80);
        reader.reset(key, mask);
        assertSame(key, reader.current());
        reader.set(FlowField.L4_DST, 8080);
        assertEquals(8080, reader.get(FlowField.L4_DST));
        assertTrue(reader.is(FlowField.L4_DST, 8080));
        assertTrue(reader.isByPrefix(FlowField.L4_DST, 8080));
        assertTrue(reader.hasPrefix(FlowField.L4_DST, 8080, 12));
        assertTrue(mask.isEmpty());
        assertEquals(0x0200_0000_0001L, reader.get(FlowField.ETH_DST));
        assertEquals(new FlowMask().exact(FlowField.ETH_DST), mask);
        assertEquals(80, key.get(FlowField.L4_DST));
        assertSame(key, reader.arrived());
        assertEquals(8080, reader.current().get(FlowField.L4_DST));
        assertEquals(new FlowMask().exact(FlowField.L4_DST), reader.written());
        reader.reset(key, mask);
        assertEquals(80, reader.get(FlowField.L4_DST));
        assertTrue(reader.written().isEmpty());
    }

    @Test
    void aMaskedWriteLeavesTheOtherBitsAsTheyArrived() {
        key.set(FlowField.CT_MARK, 0x1234);
        key.set(FlowField.IP_SRC, 5, 6);
        reader.reset(key, mask);
        reader.set(FlowField.CT_MARK, 0, 0xff, 0, 0x0f0f);
        assertTrue(mask.isEmpty(), "writing looks at nothing");
        assertEquals(0x103f, reader.get(FlowField.CT_MARK));
        assertEquals(new FlowMask().bits(FlowField.CT_MARK, 0xffff_f0f0L), mask);
        reader.set(FlowField.IP_SRC, -1L, -1L, 0xf0, 0);
        assertEquals(0xf5, reader.getHi(FlowField.IP_SRC));
        assertEquals(6, reader.get(FlowField.IP_SRC));
        assertEquals(new FlowMask().bits(FlowField.CT_MARK, 0xffff_f0f0L).bits(FlowField.IP_SRC, ~0xf0L, -1L), mask);
    }

    @Test
    void aMoveLooksAtTheSourcesBitsThatWereNotWritten() {
        key.set(FlowField.ETH_SRC, 0x1122_3344_5566L);
        reader.reset(key, mask);
        reader.set(FlowField.ETH_SRC, 0, 0x99, 0, 0xff);
        reader.move(FlowField.ETH_SRC, 4, FlowField.CT_MARK, 8, 12);
        assertEquals(0x5_5900, reader.current().get(FlowField.CT_MARK));
        assertEquals(new FlowMask().bits(FlowField.ETH_SRC, 0xff00), mask);
        assertEquals(0x0f_ff00, reader.written().get(FlowField.CT_MARK));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> reader.move(FlowField.ETH_SRC, 40, FlowField.CT_MARK, 0, 9));
        assertEquals("dl_src has 48 bits: 9 from bit 40 on are not there", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reader.move(FlowField.CT_MARK, 0, FlowField.L4_SRC, -1, 4));
        assertThrows(IllegalArgumentException.class, () -> reader.move(FlowField.CT_MARK, 0, FlowField.L4_SRC, 0, 0));
    }

    @Test
    void whatWasWrittenAfterASaveIsGoneAfterTheRestore() {
        key.set(FlowField.CT_MARK, 1);
        key.set(FlowField.L4_DST, 80);
        reader.reset(key, mask);
        int outer = reader.save();
        reader.set(FlowField.CT_MARK, 2);
        int inner = reader.save();
        reader.set(FlowField.CT_MARK, 3);
        reader.set(FlowField.L4_DST, 81);
        reader.restore(inner);
        assertEquals(2, reader.current().get(FlowField.CT_MARK));
        assertEquals(80, reader.get(FlowField.L4_DST));
        assertEquals(new FlowMask().exact(FlowField.L4_DST), mask, "it is the frame's again");
        reader.restore(outer);
        assertTrue(reader.written().isEmpty());
        assertSame(key, reader.current());
        assertEquals(1, reader.get(FlowField.CT_MARK));
        assertThrows(IllegalArgumentException.class, () -> reader.restore(outer));
        assertEquals(0, reader.save());
        reader.reset(key, mask);
        assertThrows(IllegalArgumentException.class, () -> reader.restore(0));
    }

    private static BigInteger number(long hi, long lo) {
        return new BigInteger(Long.toUnsignedString(hi)).shiftLeft(64).or(new BigInteger(Long.toUnsignedString(lo)));
    }

    private static BigInteger value(FlowKey key, FlowField field) {
        return number(key.getHi(field), key.get(field));
    }

    private static BigInteger ones(int bits, int from) {
        return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).shiftLeft(from);
    }

    /** Values and written bits as big numbers have them, over all pairs of widths. */
    @Test
    void writesAndMovesAgreeWithArithmetic() {
        RandomGenerator random = Seed.random(FlowReaderTest.class);
        RandomKeys keys = new RandomKeys(random);
        for (int i = 0; i < 60_000; i++) {
            reader.reset(keys.agreeing(keys.key(), mask), mask);
            FlowField source = FIELDS[random.nextInt(FIELDS.length)];
            FlowField destination = FIELDS[random.nextInt(FIELDS.length)];
            reader.set(source, random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            BigInteger from = value(reader.current(), source);
            BigInteger before = value(reader.current(), destination);
            BigInteger wroteSource =
                    number(reader.written().getHi(source), reader.written().get(source));
            BigInteger wrote =
                    number(reader.written().getHi(destination), reader.written().get(destination));
            int bits = random.nextInt(1, Math.min(source.bits(), destination.bits()) + 1);
            int at = random.nextInt(source.bits() - bits + 1);
            int to = random.nextInt(destination.bits() - bits + 1);
            reader.move(source, at, destination, to, bits);
            BigInteger moved = from.shiftRight(at).and(ones(bits, 0)).shiftLeft(to);
            assertEquals(before.andNot(ones(bits, to)).or(moved), value(reader.current(), destination));
            assertEquals(
                    wrote.or(ones(bits, to)),
                    number(reader.written().getHi(destination), reader.written().get(destination)));
            boolean ofFrame = source.region() == FlowField.Region.FRAME;
            assertEquals(
                    ofFrame ? ones(bits, at).andNot(wroteSource) : BigInteger.ZERO,
                    number(mask.getHi(source), mask.get(source)));
            mask.clear();
        }
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
