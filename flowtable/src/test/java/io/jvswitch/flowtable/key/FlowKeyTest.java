package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowKeyTest {

    @ParameterizedTest
    @EnumSource(FlowField.class)
    void aFieldKeepsItsValueAndTouchesNoOther(FlowField field) {
        FlowKey key = new FlowKey();
        key.set(field, -1L, -1L);
        assertEquals(field.bits() >= 64 ? -1L : (1L << field.bits()) - 1, key.get(field));
        assertEquals(field.bits() == 128 ? -1L : 0, key.getHi(field));
        for (FlowField other : FlowField.values()) {
            if (other != field) {
                assertEquals(0, key.get(other), other.label());
                assertEquals(0, key.getHi(other), other.label());
            }
        }
        key.set(field, 1);
        assertEquals(1, key.get(field));
        assertEquals(0, key.getHi(field));
        key.set(field, 0);
        assertEquals(new FlowKey(), key);
        assertEquals(new FlowKey().hashCode(), key.hashCode());
    }

    @Test
    void behavesAsAMapOfFields() {
        RandomGenerator random = Seed.random(FlowKeyTest.class);
        FlowField[] fields = FlowField.values();
        FlowKey key = new FlowKey();
        Map<FlowField, Long> low = new EnumMap<>(FlowField.class);
        Map<FlowField, Long> high = new EnumMap<>(FlowField.class);
        for (int i = 0; i < 50_000; i++) {
            if (random.nextInt(200) == 0) {
                key.clear();
                low.clear();
                high.clear();
            }
            FlowField field = fields[random.nextInt(fields.length)];
            long hi = random.nextInt(4) == 0 ? 0 : random.nextLong();
            long lo = random.nextInt(4) == 0 ? 0 : random.nextLong();
            key.set(field, hi, lo);
            low.put(field, field.bits() >= 64 ? lo : lo & (1L << field.bits()) - 1);
            high.put(field, field.bits() == 128 ? hi : 0);
            FlowField asked = fields[random.nextInt(fields.length)];
            assertEquals(low.getOrDefault(asked, 0L), key.get(asked));
            assertEquals(high.getOrDefault(asked, 0L), key.getHi(asked));
        }
        FlowKey copy = new FlowKey();
        copy.set(FlowField.CT_LABEL, 1, 2);
        copy.copyFrom(key);
        assertEquals(key, copy);
        assertEquals(key.hashCode(), copy.hashCode());
        copy.set(FlowField.IN_PORT, key.get(FlowField.IN_PORT) ^ 1);
        assertNotEquals(key, copy);
    }

    @Test
    void typedGettersReadTheirFields() {
        FlowKey key = new FlowKey();
        long value = 0x1122_3344_5566_7788L;
        for (FlowField field : FlowField.values()) {
            value += 0x0101_0101_0101_0101L;
            key.set(field, 0x1234_5678_9abc_def0L, value);
        }
        assertEquals(key.get(FlowField.IN_PORT), key.inPort() & 0xffff_ffffL);
        assertEquals(key.get(FlowField.RECIRC_ID), key.recircId() & 0xffff_ffffL);
        assertEquals(key.get(FlowField.ETH_DST), key.ethDst());
        assertEquals(key.get(FlowField.ETH_SRC), key.ethSrc());
        assertEquals(key.get(FlowField.ETH_TYPE), key.ethType());
        assertEquals(key.get(FlowField.VLAN_TCI), key.vlanTci());
        assertEquals(key.get(FlowField.IP_PROTO), key.ipProto());
        assertEquals(key.get(FlowField.IP_FRAG), key.ipFrag());
        assertEquals(key.get(FlowField.L4_SRC), key.l4Src());
        assertEquals(key.get(FlowField.L4_DST), key.l4Dst());
        assertEquals(key.get(FlowField.TUNNEL_ID), key.tunnelId());
        assertEquals(key.get(FlowField.TUNNEL_FLAGS), key.tunnelFlags());
    }

    @Test
    void maskedCopiesAndComparisonsAgreeWithTheMaskBitByBit() {
        RandomGenerator random = Seed.random(FlowKeyTest.class);
        RandomKeys keys = new RandomKeys(random);
        FlowKey masked = new FlowKey();
        for (int i = 0; i < 20_000; i++) {
            FlowKey a = keys.key();
            FlowKey b = keys.key();
            FlowMask mask = random.nextBoolean() ? keys.mask() : keys.usefulMask();
            boolean equal = true;
            masked.copyMasked(a, mask);
            for (FlowField field : FlowField.values()) {
                long hi = mask.getHi(field);
                long lo = mask.get(field);
                equal &= (a.get(field) & lo) == (b.get(field) & lo) && (a.getHi(field) & hi) == (b.getHi(field) & hi);
                assertEquals(a.get(field) & lo, masked.get(field));
                assertEquals(a.getHi(field) & hi, masked.getHi(field));
            }
            assertEquals(equal, a.equalsUnder(mask, b));
        }
    }

    @Test
    void masksAddUpAndCover() {
        RandomGenerator random = Seed.random(FlowKeyTest.class);
        RandomKeys keys = new RandomKeys(random);
        for (int i = 0; i < 5_000; i++) {
            FlowMask a = keys.mask();
            FlowMask b = keys.mask();
            FlowMask both = new FlowMask().copyFrom(a).or(b);
            assertTrue(both.covers(a) && both.covers(b));
            assertEquals(a.covers(b), both.equals(a));
            assertEquals(new FlowMask().copyFrom(b).or(a), both);
            assertEquals(new FlowMask().copyFrom(b).or(a).hashCode(), both.hashCode());
        }
        FlowMask mask = keys.mask();
        mask.clear();
        assertTrue(mask.isEmpty());
        assertEquals(new FlowMask(), mask);
    }

    @Test
    void prefixesAreLeadingBits() {
        FlowMask mask = new FlowMask().prefix(FlowField.IP_SRC, 120);
        assertEquals(-1L, mask.getHi(FlowField.IP_SRC));
        assertEquals(0xffff_ffff_ffff_ff00L, mask.get(FlowField.IP_SRC));
        mask = new FlowMask().prefix(FlowField.IP_DST, 7);
        assertEquals(0xfe00_0000_0000_0000L, mask.getHi(FlowField.IP_DST));
        assertEquals(0, mask.get(FlowField.IP_DST));
        mask = new FlowMask()
                .prefix(FlowField.L4_DST, 12)
                .prefix(FlowField.ETH_DST, 24)
                .prefix(FlowField.TUNNEL_ID, 64);
        assertEquals(0xfff0, mask.get(FlowField.L4_DST));
        assertEquals(0xffff_ff00_0000L, mask.get(FlowField.ETH_DST));
        assertEquals(-1L, mask.get(FlowField.TUNNEL_ID));
        assertEquals(new FlowMask(), new FlowMask().prefix(FlowField.IP_SRC, 0).prefix(FlowField.L4_SRC, 0));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new FlowMask().prefix(FlowField.L4_SRC, 17));
        assertEquals("tp_src has 16 bits: a prefix of 17 is not possible", e.getMessage());
    }

    @Test
    void masksNameWhatTheyLookAt() {
        assertEquals(
                "dl_dst/01:00:00:00:00:00,dl_type,nw_src/0xffffffffffffffffffffffffffffff00",
                new FlowMask()
                        .exact(FlowField.ETH_TYPE)
                        .prefix(FlowField.IP_SRC, 120)
                        .bits(FlowField.ETH_DST, 0x0100_0000_0000L)
                        .toString());
    }

    @Test
    void fieldsAreFormattedAsOperatorsWriteThem() {
        assertEquals("3", FlowField.IN_PORT.format(3));
        assertEquals("02:00:00:00:00:0a", FlowField.ETH_SRC.format(0x0200_0000_000aL));
        assertEquals("0x0800", FlowField.ETH_TYPE.format(0x0800));
        assertEquals("10.0.0.1", FlowField.IP_SRC.format(0xffff_0a00_0001L));
        assertEquals("2001:db8::1", FlowField.IP_SRC.format(0x2001_0db8_0000_0000L, 1));
        assertEquals("later", FlowField.IP_FRAG.format(FlowField.FRAG_LATER));
        assertEquals("0x10000000000000002", FlowField.CT_LABEL.format(1, 2));
        assertEquals("0", FlowField.RECIRC_ID.format(0));
        assertEquals("tp_dst", FlowField.L4_DST.label());
    }

    /** Nothing that a megaflow or a rule looks at is hidden from whoever reads it. */
    @ParameterizedTest
    @EnumSource(FlowField.class)
    void everyFieldThatCountsIsInTheText(FlowField field) {
        for (int ethType : new int[] {0x0800, 0x86dd, 0x0806, 0x88cc}) {
            FlowKey key = new FlowKey();
            key.set(FlowField.ETH_TYPE, ethType);
            String without = key.toString(new FlowMask().exact(FlowField.ETH_TYPE));
            if (field != FlowField.ETH_TYPE) {
                key.set(field, 0, 5);
            }
            String with = key.toString(new FlowMask().exact(FlowField.ETH_TYPE).exact(field));
            assertTrue(with.length() > without.length() || field == FlowField.ETH_TYPE, with);
        }
    }
}
