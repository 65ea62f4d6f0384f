package io.jvswitch.datapath.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What translators may do, whoever they are: bridges 0 and 1, joined by the patch ports 10 and 11. */
final class TranslationTest {

    private static final int PATCH_0 = 10;
    private static final int PATCH_1 = 11;
    private static final int VLAN_TPID = 0x8100;

    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();

    private static Snapshot snapshot(Translator first, Translator second) {
        List<Port> ports = List.of(
                new Port.Device(1, "p1", 0, 1_500, true),
                new Port.Device(2, "p2", 0, 1_500, true),
                new Port.Device(3, "p3", 1, 1_500, true),
                new Port.Patch(PATCH_0, "to1", 0, PATCH_1),
                new Port.Patch(PATCH_1, "to0", 1, PATCH_0),
                new Port.Patch(12, "nowhere", 0, 99),
                new Port.Patch(13, "oneWay", 0, PATCH_0));
        return new Snapshot(1, ports, List.of(new TestBridge(0, first), new TestBridge(1, second)));
    }

    private Verdict translate(Translator first, Translator second) {
        key.set(FlowField.IN_PORT, 1);
        mask.clear();
        FlowReader reader = new FlowReader();
        reader.reset(key, mask);
        return Translation.of(reader, snapshot(first, second), null);
    }

    private String verdict(Translator first, Translator second) {
        return translate(first, second).toString();
    }

    @Test
    void aPatchPortGoesOnInTheOtherBridge() {
        List<String> scopes = new ArrayList<>();
        Translator noting = step -> {
            scopes.add(step.scope().bridge().name() + " by "
                    + step.scope().port().name() + ", in_port " + step.key().get(FlowField.IN_PORT));
            step.output(step.scope().bridge().id() == 0 ? PATCH_0 : 3);
        };
        assertEquals("output:3", verdict(noting, noting));
        assertEquals(List.of("br0 by p1, in_port 1", "br1 by to0, in_port 11"), scopes);
        assertEquals(new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.RECIRC_ID), mask);
    }

    @Test
    void whatThePeersBridgeDoesIsNotSeenWhenItReturns() {
        Translator pushes = step -> {
            step.pushVlan(VLAN_TPID, 0, 7);
            step.key().set(FlowField.IP_TTL, 1);
            step.output(3);
        };
        long[] ttl = {0};
        assertEquals(
                "clone(push_vlan:0x8100,set_field:4103->vlan_vid,output:3),output:2",
                verdict(
                        step -> {
                            step.output(PATCH_0);
                            ttl[0] = step.key().get(FlowField.IP_TTL);
                            step.output(2);
                        },
                        pushes));
        assertEquals(0, ttl[0]);
        assertEquals(
                "output:2,push_vlan:0x8100,set_field:4103->vlan_vid,output:3",
                verdict(
                        step -> {
                            step.output(2);
                            step.output(PATCH_0);
                        },
                        pushes),
                "nothing follows, so nothing has to be kept");
        assertEquals(
                "output:3,output:2",
                verdict(
                        step -> {
                            step.output(PATCH_0);
                            step.output(2);
                        },
                        step -> step.output(3)),
                "it changes nothing");
    }

    @Test
    void whatNobodyTakesInThePeersBridgeLeavesNothing() {
        Translator drops = step -> {
            step.pushVlan(VLAN_TPID, 0, 7);
            step.drop(DropReason.SAME_PORT);
        };
        assertEquals("drop(same-port)", verdict(step -> step.output(PATCH_0), drops));
        assertEquals(
                "output:2",
                verdict(
                        step -> {
                            step.output(PATCH_0);
                            step.output(2);
                        },
                        drops));
    }

    @Test
    void thePeersBridgeSeesTheTagsAsTheyAre() {
        key.set(FlowField.VLAN_TCI, FlowField.VLAN_PRESENT | 5);
        key.set(FlowField.VLAN_TPID, VLAN_TPID);
        key.set(FlowField.VLAN_TCI_INNER, FlowField.VLAN_PRESENT | 6);
        key.set(FlowField.VLAN_TPID_INNER, VLAN_TPID);
        List<Long> seen = new ArrayList<>();
        Translator notes = step -> {
            seen.add(step.key().get(FlowField.VLAN_TCI) & 0xfff);
            seen.add(step.key().get(FlowField.VLAN_TCI_INNER) & 0xfff);
        };
        translate(
                step -> {
                    step.popVlan();
                    step.output(PATCH_0);
                    step.pushVlan(0x88a8, 3, 9);
                    step.output(PATCH_0);
                    notes.translate(step);
                    step.writeTags();
                    notes.translate(step);
                },
                notes);
        assertEquals(List.of(6L, 0L, 9L, 6L, 5L, 6L, 9L, 6L), seen);
    }

    @Test
    void aFieldIsSetOnceJustBeforeSomebodyTakesTheFrame() {
        assertEquals(
                "set_field:9->nw_ttl,output:2,set_field:00:00:00:00:00:0b->eth_dst,output:2",
                verdict(
                        step -> {
                            step.set(FlowField.REG0, 1);
                            step.set(FlowField.IP_TTL, 8);
                            step.set(FlowField.IP_TTL, 9);
                            step.output(2);
                            step.set(FlowField.ETH_DST, 0xb);
                            step.output(2);
                            step.set(FlowField.ETH_SRC, 0xc);
                        },
                        step -> {}));
        assertEquals(new FlowMask().exact(FlowField.IN_PORT).exact(FlowField.RECIRC_ID), mask);
        assertEquals("drop(no-output)", verdict(step -> step.set(FlowField.IP_TTL, 9), step -> {}));
    }

    @Test
    void someBitsOfAFieldAreSetAlone() {
        assertEquals(
                "set_field:8/0x38->nw_tos,output:2",
                verdict(
                        step -> {
                            step.set(FlowField.IP_TOS, 0, 0x30, 0, 0x30);
                            step.set(FlowField.IP_TOS, 0, 0x08, 0, 0x38);
                            step.output(2);
                        },
                        step -> {}));
    }

    @Test
    void aFieldThatIsSetBeforeAPatchPortIsSetForAll() {
        Translator sets = step -> {
            step.set(FlowField.IP_TTL, 9);
            step.output(PATCH_0);
            step.output(2);
        };
        assertEquals(
                "set_field:9->nw_ttl,clone(set_field:00:00:00:00:00:0b->eth_dst,output:3),output:2",
                verdict(sets, step -> {
                    step.set(FlowField.ETH_DST, 0xb);
                    step.output(3);
                    step.set(FlowField.ETH_DST, 0xc);
                }));
        assertEquals("set_field:9->nw_ttl,output:2", verdict(sets, step -> step.set(FlowField.ETH_DST, 0xb)));
    }

    @Test
    void aPatchPortWithoutAPeerDrops() {
        assertEquals("drop(port-down)", verdict(step -> step.output(12), step -> step.output(3)));
        assertEquals("drop(port-down)", verdict(step -> step.output(13), step -> step.output(3)), "not back to it");
    }

    @Test
    void aLoopOfBridgesEndsAndDropsTheFrame() {
        int[] entered = {0};
        Translator round = step -> {
            entered[0]++;
            step.output(2);
            step.output(step.scope().bridge().id() == 0 ? PATCH_0 : PATCH_1);
        };
        assertEquals("drop(translation-too-deep)", verdict(round, round));
        assertEquals(Translation.MAX_DEPTH + 1, entered[0]);
    }

    @Test
    void tooManyResubmitsDropTheFrame() {
        int[] entered = {0};
        assertEquals(
                "drop(translation-too-deep)",
                verdict(
                        step -> {
                            step.output(2);
                            while (step.descend()) {
                                entered[0]++;
                                step.ascend();
                            }
                            step.output(2);
                        },
                        step -> {}));
        assertEquals(Translation.MAX_RESUBMITS, entered[0]);
    }

    @Test
    void scratchIsTheTranslatorsOwnInEachScope() {
        Scratch<StringBuilder> text = StringBuilder::new;
        List<StringBuilder> seen = new ArrayList<>();
        translate(
                step -> {
                    seen.add(step.scratch(text));
                    step.output(PATCH_0);
                    seen.add(step.scratch(text));
                },
                step -> seen.add(step.scratch(text)));
        assertSame(seen.get(0), seen.get(2));
        assertNotEquals(System.identityHashCode(seen.get(0)), System.identityHashCode(seen.get(1)));
    }

    /** A verdict is stale when one of the things that it asked says another thing, and by nothing else. */
    @Test
    void dependsOnWhatItAskedInEveryBridge() {
        Fdb first = new Fdb(64);
        Fdb second = new Fdb(64);
        long[] own = {7};
        key.set(FlowField.ETH_SRC, 0xa);
        key.set(FlowField.ETH_DST, 0xb);
        Translator asks = step -> {
            step.dependOn(any -> own[0]);
            step.creditSource(first, 0, 1);
            step.lookUpDestination(first, 0);
            step.output(PATCH_0);
        };
        Translator asksBeyond = step -> {
            step.creditSource(second, 5, PATCH_1);
            step.lookUpDestination(second, 5);
            step.key().set(FlowField.ETH_DST, 0xc);
            step.lookUpDestination(second, 5);
            step.output(3);
        };
        Verdict verdict = translate(asks, asksBeyond);
        long before = verdict.currentEpoch(1, key);
        assertNotEquals(before, verdict.currentEpoch(2, key));
        own[0]++;
        before = changed(verdict, before);
        first.learn(0xa, 0, 1, 1);
        before = changed(verdict, before);
        first.learn(0xb, 0, 2, 1);
        before = changed(verdict, before);
        for (long mac : new long[] {0xa, 0xb, 0xc}) {
            second.learn(mac, 5, PATCH_1, 1);
            before = changed(verdict, before);
        }
    }

    private long changed(Verdict verdict, long before) {
        long now = verdict.currentEpoch(1, key);
        assertNotEquals(before, now);
        return now;
    }

    @Test
    void creditsEverybodyOnTheWay() {
        Credit rule = new Credit(2, 5);
        Credit other = new Credit(2, 5);
        Fdb fdb = new Fdb(64);
        key.set(FlowField.ETH_SRC, 0xa);
        fdb.learn(0xa, 0, 1, 10);
        Verdict verdict = translate(
                step -> {
                    step.credit(rule);
                    step.creditSource(fdb, 0, 1);
                    step.output(PATCH_0);
                },
                step -> {
                    step.credit(other);
                    step.credit(rule);
                    step.output(3);
                });
        assertEquals(5, rule.lastUsedNs());
        verdict.settle(0, 3, 300, 1_000);
        verdict.settle(1, 4, 400, 900);
        assertEquals(14, rule.frames(), "it was passed twice");
        assertEquals(7, other.frames());
        assertEquals(700, other.bytes());
        assertEquals(1_000, other.lastUsedNs());
        long[] seen = {0};
        fdb.forEach((mac, vlan, location, lastSeenNs, isStatic) -> seen[0] = lastSeenNs);
        assertEquals(1_000, seen[0]);
    }
}
