package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.classifier.Rule;
import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TunnelOptionsTest {

    private static TunnelOptions.Option option(TunnelOptions options, int index) {
        return Objects.requireNonNull(options.of(index));
    }

    @Test
    void optionsHaveBytesOfTheirOwn() {
        RandomGenerator random = Seed.random(TunnelOptionsTest.class);
        for (int round = 0; round < 200; round++) {
            TunnelOptions options = TunnelOptions.NONE;
            for (int i = 0; i < 100; i++) {
                int index = random.nextInt(TunnelOptions.FIELDS);
                if (options.of(index) != null) {
                    options = options.without(index);
                } else {
                    try {
                        options = options.with(index, 0x102, index, 4 * random.nextInt(1, 10));
                    } catch (IllegalStateException e) {
                        assertTrue(e.toString().contains("are left together"), e.toString());
                    }
                }
            }
            FlowKey key = new FlowKey();
            List<byte[]> values = new ArrayList<>();
            for (TunnelOptions.Option option : options.all()) {
                byte[] value = new byte[option.bytes()];
                random.nextBytes(value);
                option.set(key, value);
                values.add(value);
            }
            int i = 0;
            for (TunnelOptions.Option option : options.all()) {
                assertArrayEquals(values.get(i), option.get(key), option.label());
                assertArrayEquals(values.get(i), option.parse(option.format(values.get(i))), option.label());
                i++;
            }
        }
    }

    @Test
    void sixtyFourOptionsOfFourBytesFit() {
        TunnelOptions options = TunnelOptions.NONE;
        for (int i = 0; i < TunnelOptions.FIELDS; i++) {
            options = options.with(i, 0x102, i, 4);
        }
        FlowKey key = new FlowKey();
        for (TunnelOptions.Option option : options.all()) {
            option.set(key, new byte[] {0, 0, 0, (byte) option.index()});
        }
        assertEquals(0x3f, key.get(FlowField.TUNNEL_OPTIONS_15) & 0xff);
        assertEquals(0x3c, key.getHi(FlowField.TUNNEL_OPTIONS_15) >>> 32);
        assertEquals(
                0x103, option(options.without(3).with(3, 7, 7, 4), 3).header().number() + 0x100 - 40);
        assertEquals(0, key.present, "options lie beyond the words that other frames have");
    }

    /** As {@code set_field:0xa->tun_metadata0} and matches on some bits of it need it. */
    @Test
    void rulesAndMegaflowsMatchOnOptions() {
        TunnelOptions options = TunnelOptions.NONE.with(5, 0x102, 0x80, 8).with(6, 0x102, 0x81, 124);
        TunnelOptions.Option option = option(options, 6);
        assertEquals(option, options.of(0x102, 0x81));
        FlowKey match = new FlowKey();
        FlowMask mask = new FlowMask();
        byte[] value = option.parse("0xab00");
        byte[] some = option.parse("0xff00");
        option.match(match, mask, value, some);
        assertArrayEquals(some, option.get(mask));
        RuleTable<String> rules = new RuleTable<>(10);
        rules.insert(match, mask, 1, "ab", 0);
        FlowKey frame = new FlowKey();
        option.set(frame, option.parse("0x12345600ab77"));
        FlowMask looked = new FlowMask();
        Rule<String> rule = rules.lookup(frame, 0, looked);
        assertEquals("ab", rule == null ? "none" : rule.value());
        assertArrayEquals(some, option.get(looked));
        FlowTable<String> table = new FlowTable<>(10, 64);
        Flow<String> flow = table.insert(frame, looked, "forward", 1, 0);
        FlowKey other = new FlowKey();
        option.set(other, option.parse("0xabff"));
        assertEquals(flow, table.lookup(other));
        assertEquals(looked, flow.mask());
        assertTrue(flow.covers(looked));
        assertTrue(flow.match().contains("tun_options"), flow.match());
        option.set(other, option.parse("0xacff"));
        assertNull(table.lookup(other));
        assertNull(rules.lookup(other, 0, new FlowMask()));
        assertNotNull(table.find(frame));
    }

    @Test
    void whatCannotBeMappedIsRefusedByName() {
        TunnelOptions one = TunnelOptions.NONE.with(1, 2, 3, 4);
        assertEquals(
                "tun_metadata1: has an option already",
                assertThrows(IllegalArgumentException.class, () -> one.with(1, 2, 4, 4))
                        .getMessage());
        assertEquals(
                "tun_metadata2: the option is tun_metadata1 already",
                assertThrows(IllegalArgumentException.class, () -> one.with(2, 2, 3, 4))
                        .getMessage());
        for (int bytes : new int[] {0, 3, 6, 128}) {
            assertThrows(IllegalArgumentException.class, () -> one.with(2, 2, 4, bytes));
        }
        assertThrows(IllegalArgumentException.class, () -> one.with(64, 2, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> one.with(-1, 2, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> one.with(2, 0x1_0000, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> one.with(2, 2, 256, 4));
        assertThrows(IllegalArgumentException.class, () -> option(one, 1).parse("0x123456789"));
        assertThrows(IllegalArgumentException.class, () -> option(one, 1).parse("xy"));
        assertThrows(IllegalArgumentException.class, () -> option(one, 1).set(new FlowKey(), new byte[3]));
        TunnelOptions full = one.with(2, 2, 4, 124).with(3, 2, 5, 124);
        assertThrows(IllegalStateException.class, () -> full.with(4, 2, 6, 8));
        assertEquals(1, full.without(2).without(3).all().size());
    }
}
