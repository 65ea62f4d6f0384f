package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.jvswitch.flowtable.classifier.RuleTable;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steady state allocates nothing. */
class AllocationTest {

    private final FlowKey[] keys = new FlowKey[32];
    private final Frame[] frames = new Frame[32];
    private final FlowTable<String> table = new FlowTable<>(1000, 64);
    private final Fdb fdb = new Fdb(100);
    private long nowNs;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final @Nullable Flow<String>[] flows = (Flow<String>[]) new Flow[32];

    private void burst() {
        nowNs++;
        for (int i = 0; i < keys.length; i++) {
            FlowExtractor.extract(frames[i], keys[i]);
            fdb.lookup(keys[i].ethDst(), 0);
            fdb.touch(keys[i].ethSrc(), 0, nowNs);
            fdb.learn(keys[i].ethSrc(), 0, 1, nowNs);
        }
        table.lookup(keys, keys.length, flows);
        for (Flow<String> flow : flows) {
            if (flow != null) {
                flow.count(1, 64, nowNs);
            }
        }
        table.lookup(keys[0]);
        table.find(keys[1]);
        table.expire(nowNs, Long.MAX_VALUE, 8);
        table.revalidate(1, 8, (flow, key) -> Revalidator.Verdict.KEEP);
        fdb.expire(nowNs, Long.MAX_VALUE, 8);
    }

    /** Hits spread over 100 masks by chance, so that the ranking has something to do all the time. */
    @Test
    void rankingManyMasksAllocatesNothing() {
        FlowTable<String> many = new FlowTable<>(4000, 0);
        SplittableRandom random = new SplittableRandom(1);
        FlowKey key = new FlowKey();
        for (int i = 0; i < 4000; i++) {
            key.set(FlowField.IP_SRC, i);
            many.insert(
                    key,
                    new FlowMask()
                            .exact(FlowField.IP_SRC)
                            .prefix(FlowField.ETH_DST, 48 - i % 10)
                            .prefix(FlowField.L4_SRC, i / 10 % 10),
                    "actions",
                    1,
                    0);
        }
        AllocationMeter.awaitNone("100,000 look-ups among 100 masks", () -> {
            for (int i = 0; i < 100_000; i++) {
                key.set(FlowField.IP_SRC, random.nextInt(4000));
                assertNotNull(many.lookup(key));
            }
        });
    }

    /** Nested saves, writes, moves and a look-up in what was written. */
    @Test
    void aTranslationThatWritesAllocatesNothing() {
        RuleTable<String> rules = new RuleTable<>(10);
        FlowKey key = new FlowKey();
        key.set(FlowField.CT_MARK, 7);
        rules.insert(key, new FlowMask().exact(FlowField.CT_MARK), 1, "seven", 0);
        FlowMask mask = new FlowMask();
        FlowReader reader = new FlowReader();
        AllocationMeter.awaitNone("10,000 translations", () -> {
            for (int i = 0; i < 10_000; i++) {
                mask.clear();
                reader.reset(key, mask);
                int outer = reader.save();
                reader.set(FlowField.IP_SRC, 1, i);
                int inner = reader.save();
                reader.move(FlowField.IP_SRC, 60, FlowField.CT_LABEL, 3, 68);
                reader.set(FlowField.CT_MARK, 0, 7, 0, 0xf);
                assertNotNull(rules.lookup(reader, 0));
                reader.restore(inner);
                reader.restore(outer);
            }
        });
    }

    @Test
    void theReadPathAllocatesNothing() {
        List<FrameBuilder> kinds = List.of(
                Frames.tcpv4(),
                Frames.udpv6(),
                Frames.ipv4().fragment(0, true).udp(1, 2).payload(64),
                Frames.ipv6().fragmentHeader(0, true, 1).tcp(1, 2).payload(64),
                Frames.aToB().vlan(1).vlan(2).arp(1, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B),
                Frames.ipv6().neighbourSolicitation("2001:db8::c", Frames.MAC_A),
                Frames.tcpv4().truncate(40));
        FlowMask l2 =
                new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.ETH_DST).exact(FlowField.ETH_TYPE);
        FlowMask l4 = new FlowMask().or(l2).exact(FlowField.IP_PROTO).exact(FlowField.L4_DST);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new FlowKey();
            frames[i] = kinds.get(i % kinds.size()).frame();
            frames[i].setInPort(i);
            FlowExtractor.extract(frames[i], keys[i]);
            if (i % 5 != 0) {
                assertNotNull(table.insert(keys[i], i % 2 == 0 ? l2 : l4, "actions", 1, 0));
            }
            fdb.learn(keys[i].ethSrc(), 0, 1, 0);
        }
        AllocationMeter.awaitNone("500 bursts", () -> {
            for (int i = 0; i < 500; i++) {
                burst();
            }
        });
    }
}
