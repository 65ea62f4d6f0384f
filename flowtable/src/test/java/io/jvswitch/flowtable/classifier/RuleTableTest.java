package io.jvswitch.flowtable.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.RandomKeys;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleTableTest {

    private static final FlowMask L4 =
            new FlowMask().exact(FlowField.L4_SRC).exact(FlowField.L4_DST).exact(FlowField.TCP_FLAGS);

    private final RuleTable<String> table = new RuleTable<>(1000);
    private final FlowMask looked = new FlowMask();

    private static FlowKey ipv4(String source, String destination, int port) {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, 1);
        key.set(FlowField.ETH_DST, 0x0200_0000_0001L);
        key.set(FlowField.ETH_TYPE, 0x0800);
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        key.set(FlowField.IP_SRC, from.hi(), from.lo());
        key.set(FlowField.IP_DST, to.hi(), to.lo());
        key.set(FlowField.IP_PROTO, 6);
        key.set(FlowField.L4_DST, port);
        return key;
    }

    private @Nullable String verdict(FlowKey key) {
        looked.clear();
        Rule<String> rule = table.lookup(key, RuleTable.NEWEST, looked);
        return rule == null ? null : rule.value();
    }

    private static boolean overlaps(FlowMask a, FlowMask b) {
        for (FlowField field : FlowField.values()) {
            if ((a.get(field) & b.get(field)) != 0 || (a.getHi(field) & b.getHi(field)) != 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theGreatestPriorityWins() {
        FlowMask type = new FlowMask().exact(FlowField.ETH_TYPE);
        FlowMask web = new FlowMask().or(type).exact(FlowField.IP_PROTO).exact(FlowField.L4_DST);
        FlowKey key = ipv4("10.0.0.1", "10.0.0.2", 80);
        table.insert(key, type, 10, "ip", 0);
        table.insert(key, web, 20, "web", 0);
        table.insert(key, new FlowMask(), 0, "any", 0);
        assertEquals("web", verdict(key));
        assertEquals("ip", verdict(ipv4("10.0.0.1", "10.0.0.2", 81)));
        assertEquals("any", verdict(new FlowKey()));
        assertEquals(3, table.masks());
    }

    @Test
    void aSubtableThatCannotWinIsNotLookedAt() {
        FlowKey key = ipv4("10.0.0.1", "10.0.0.2", 80);
        table.insert(key, new FlowMask().exact(FlowField.IN_PORT), 100, "port", 0);
        table.insert(key, new FlowMask().or(L4), 50, "l4", 0);
        assertEquals("port", verdict(key));
        assertEquals(new FlowMask().exact(FlowField.IN_PORT), looked);
        assertTrue(table.removeStrict(key, new FlowMask().exact(FlowField.IN_PORT), 100, 1));
        table.purge(1, 10);
        assertEquals("l4", verdict(key));
        assertEquals(L4, looked, "the subtable that is gone is not looked at either");
    }

    @Test
    void aMissOnLayer2LeavesLayer4Wild() {
        FlowMask mask = new FlowMask()
                .exact(FlowField.ETH_DST)
                .exact(FlowField.IP_PROTO)
                .or(L4);
        FlowKey key = ipv4("10.0.0.1", "10.0.0.2", 80);
        table.insert(key, mask, 1, "a", 0);
        FlowKey other = ipv4("10.0.0.1", "10.0.0.2", 80);
        other.set(FlowField.ETH_DST, 0x0200_0000_0009L);
        assertNull(verdict(other));
        assertEquals(new FlowMask().exact(FlowField.ETH_DST), looked);
        other = ipv4("10.0.0.1", "10.0.0.2", 80);
        other.set(FlowField.IP_PROTO, 17);
        assertNull(verdict(other));
        assertFalse(overlaps(looked, L4), looked.toString());
    }

    @Test
    void prefixesOfOtherNetworksCostAsFewBitsAsTellThemApart() {
        for (int i = 0; i < 16; i++) {
            FlowKey key = ipv4("10.0.0.1", "10.1." + i + ".0", 0);
            table.insert(key, new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 96 + 24), 1, "net", 0);
        }
        assertEquals("net", verdict(ipv4("10.0.0.1", "10.1.3.77", 0)));
        assertEquals(new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 96 + 24), looked);
        assertNull(verdict(ipv4("10.0.0.1", "192.168.0.1", 0)));
        FlowMask type = new FlowMask().exact(FlowField.ETH_TYPE);
        assertEquals(
                new FlowMask().or(type).prefix(FlowField.IP_DST, 96 + 1),
                looked,
                "10/8 and 192/8 differ in their first bit");
        assertNull(verdict(ipv4("10.0.0.1", "10.1.16.1", 0)));
        assertEquals(new FlowMask().or(type).prefix(FlowField.IP_DST, 96 + 20), looked);
    }

    @Test
    void strictDeleteTakesOneRuleAndLooseDeleteAllWithin() {
        FlowMask net24 = new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 120);
        FlowMask net16 = new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 112);
        FlowKey key = ipv4("10.0.0.1", "10.1.3.0", 0);
        table.insert(key, net24, 5, "a", 0);
        table.insert(key, net24, 6, "b", 0);
        table.insert(ipv4("10.0.0.1", "10.1.4.0", 0), net24, 5, "c", 0);
        table.insert(ipv4("10.0.0.1", "10.2.4.0", 0), net24, 5, "d", 0);
        table.insert(key, net16, 1, "e", 0);
        assertFalse(table.removeStrict(key, net24, 7, 1));
        assertTrue(table.removeStrict(key, net24, 6, 1));
        assertFalse(table.removeStrict(key, net24, 6, 1), "it is gone");
        assertEquals("a", verdict(key));
        assertEquals(3, table.removeLoose(key, net16, 1), "a, c and e are within 10.1/16; d is not, b was gone");
        assertNull(verdict(key));
        assertEquals("d", verdict(ipv4("10.0.0.1", "10.2.4.0", 0)));
        assertEquals(5, table.size());
        assertEquals(4, table.purge(1, 100));
        assertEquals(1, table.size());
        assertEquals(1, table.removeLoose(new FlowKey(), new FlowMask(), 2), "no match at all means all rules");
    }

    @Test
    void anEqualRuleIsReplacedAtOnceForTheVersionThatReplacesIt() {
        FlowMask mask = new FlowMask().exact(FlowField.ETH_TYPE);
        FlowKey key = ipv4("10.0.0.1", "10.0.0.2", 0);
        Rule<String> old = table.insert(key, mask, 5, "old", 1);
        Rule<String> young = table.insert(key, mask, 5, "new", 4);
        assertNull(table.lookup(key, 0, looked));
        assertSame(old, table.lookup(key, 1, looked));
        assertSame(old, table.lookup(key, 3, looked));
        assertSame(young, table.lookup(key, 4, looked));
        assertEquals(0, table.purge(3, 10), "a reader of version 3 still sees the old one");
        assertEquals(1, table.purge(4, 10));
        assertSame(young, table.lookup(key, 4, looked));
        assertNotNull(young);
        assertTrue(table.remove(young, 9));
        assertFalse(table.remove(young, 10));
        assertSame(young, table.lookup(key, 8, looked));
        assertNull(table.lookup(key, 9, looked));
    }

    @Test
    void aFullTableSaysSo() {
        RuleTable<String> small = new RuleTable<>(1);
        FlowKey key = ipv4("10.0.0.1", "10.0.0.2", 0);
        assertNotNull(small.insert(key, L4, 1, "a", 0));
        assertNull(small.insert(key, L4, 2, "b", 0));
        assertNotNull(small.insert(key, L4, 1, "c", 1), "a replacement needs no place of its own");
        assertNull(small.insert(key, L4, 1, "d", 2), "until as many wait for the purge as the table has places");
        assertEquals(1, small.purge(1, 10));
        assertNotNull(small.insert(key, L4, 1, "d", 2));
        assertNull(small.insert(key, L4, 2, "b", 2));
        assertEquals(1, small.capacity());
        assertThrows(IllegalArgumentException.class, () -> new RuleTable<>(0));
    }

    @Test
    void rulesAreDescribedAsOperatorsKnowThem() {
        Rule<String> rule = table.insert(
                ipv4("10.0.0.1", "10.1.3.0", 0),
                new FlowMask().exact(FlowField.ETH_TYPE).prefix(FlowField.IP_DST, 120),
                7,
                "actions=drop",
                0);
        assertNotNull(rule);
        assertEquals("priority=7,ip,nw_dst=10.1.3.0/24 actions=drop", rule.toString());
    }

    private record Naive(FlowKey key, FlowMask mask, int priority) {}

    /**
     * The law: the classifier finds what a search of all rules finds, and any frame that agrees with another in what
     * the other's look-up reported gets the same rule. Priorities are all different, for among equals either may win.
     */
    @Test
    void everyFrameOfTheMegaflowGetsTheClassifiersVerdict() {
        RandomGenerator random = Seed.random(RuleTableTest.class);
        RandomKeys keys = new RandomKeys(random);
        int alike = 0;
        for (int round = 0; round < 60; round++) {
            RuleTable<Naive> rules = new RuleTable<>(200);
            List<Rule<Naive>> all = new ArrayList<>();
            for (int i = random.nextInt(1, 100); i > 0; i--) {
                FlowMask mask = random.nextInt(10) == 0 ? keys.mask() : keys.usefulMask();
                Naive naive = new Naive(keys.key(), mask, i * 1000 + random.nextInt(1000));
                all.add(rules.insert(naive.key, naive.mask, naive.priority, naive, 0));
            }
            for (int i = all.size() / 4; i > 0; i--) {
                assertTrue(rules.remove(all.remove(random.nextInt(all.size())), 0));
            }
            rules.purge(0, random.nextInt(200));
            List<FlowKey> frames = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                frames.add(keys.key());
            }
            for (FlowKey frame : frames) {
                Rule<Naive> expected = null;
                for (Rule<Naive> rule : all) {
                    boolean matches = frame.equalsUnder(rule.value().mask, rule.value().key);
                    if (matches && (expected == null || rule.priority() > expected.priority())) {
                        expected = rule;
                    }
                }
                looked.clear();
                assertSame(expected, rules.lookup(frame, 0, looked));
                FlowMask first = new FlowMask().copyFrom(looked);
                for (int i = 0; i < 8; i++) {
                    FlowKey other = keys.agreeing(frame, first);
                    alike += frame.equals(other) ? 0 : 1;
                    looked.clear();
                    assertSame(expected, rules.lookup(other, 0, looked), () -> frame + " and " + other);
                }
            }
        }
        assertTrue(alike > 5000, "pairs of different frames of one megaflow: " + alike);
    }
}
