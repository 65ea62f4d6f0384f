package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.bond.BondSettings;
import io.jvswitch.datapath.normal.bond.BondState;
import io.jvswitch.datapath.normal.bond.LacpState;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.normal.vlan.PriorityTags;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.translate.Verdicts;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The law of megaflows for bridges as Open vSwitch has them, configured at random: VLAN modes, mirrors, bonds. Every
 * frame that agrees with a translated one in the bits that were looked at gets the same verdict, and to come to the
 * same verdict again allocates nothing.
 */
final class OvsBridgeLawTest {

    private static final int BRIDGES = 150;
    private static final int KEYS = 60;
    private static final int OTHERS = 6;
    private static final int AGAIN = 50;
    private static final int ROUNDS = 6;
    private static final int PORTS = 6;
    private static final int BOND = 20;
    private static final int[] VIDS = {0, 10, 20, 30};
    private static final long[] MACS = {
        0x0200_0000_0001L, 0x0200_0000_0002L, 0x0200_0000_0003L, 0xffff_ffff_ffffL, 0x0180_c200_000eL, 0x0100_5e00_0001L
    };

    private final RandomGenerator random = Seed.random(OvsBridgeLawTest.class);
    private final RandomFrames frames = new RandomFrames(random);
    private final FlowReader reader = new FlowReader();
    private final Translation translation = new Translation();
    private final Verdicts verdicts = new Verdicts();

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private int vid() {
        return VIDS[random.nextInt(VIDS.length)];
    }

    private @Nullable BitSet vids() {
        if (random.nextInt(3) == 0) {
            return null;
        }
        BitSet vids = new BitSet();
        vids.set(vid());
        vids.set(vid());
        return vids;
    }

    private PortVlans vlans() {
        PortVlans vlans = switch (random.nextInt(5)) {
            case 0 -> PortVlans.access(vid());
            case 1 -> PortVlans.trunk(vids());
            case 2 -> PortVlans.nativeTagged(vid(), vids());
            case 3 -> PortVlans.nativeUntagged(vid(), vids());
            default -> PortVlans.dot1qTunnel(vid(), random.nextBoolean() ? 0x8100 : 0x88a8, vids());
        };
        return vlans.with(any(PriorityTags.values()));
    }

    private Mirror mirror() {
        boolean toPort = random.nextBoolean();
        return new Mirror(
                "m",
                random.nextInt(4) == 0,
                Set.of(1 + random.nextInt(PORTS)),
                Set.of(1 + random.nextInt(PORTS)),
                vids(),
                toPort ? PORTS : Locations.NONE,
                toPort ? -1 : 30,
                random.nextBoolean() ? Mirror.WHOLE : 14 + random.nextInt(100),
                new Credit(1, 0));
    }

    private Snapshot bridge(Fdb fdb) {
        List<NetworkPort> ports = new ArrayList<>();
        for (int number = 1; number <= PORTS; number++) {
            ports.add(NetworkPort.ofBridge(
                    number, "p" + number, 0, 1_500, random.nextInt(8) != 0, vlans(), random.nextInt(4) == 0));
        }
        ports.add(NetworkPort.ofBridge(BOND, "bond0", 0, 1_500, true, vlans(), false));
        BitSet flood = new BitSet();
        flood.set(random.nextBoolean() ? 20 : 99);
        Network network = Network.ofBridge(
                0,
                "br0",
                ports.stream().map(NetworkPort::number).toList(),
                fdb,
                new NetworkOptions(false, random.nextBoolean(), 1 + random.nextInt(2), flood));
        BondSettings settings = new BondSettings(
                BOND,
                "bond0",
                any(BondMode.values()),
                List.of(10, 11),
                Locations.NONE,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(),
                0,
                0,
                BondSettings.DEFAULT_REBALANCE_NS);
        Set<Integer> up = new HashSet<>(List.of(8 + random.nextInt(4), 9 + random.nextInt(3)));
        BondState bond = new BondState(settings, 10 + random.nextInt(2), up::contains, 1, 0);
        bond.run(up::contains, any(LacpState.values()), 0);
        ArpLocks locks = new ArpLocks();
        locks.lock(MACS[0], 10, 0);
        List<Mirror> mirrors = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            mirrors.add(mirror());
        }
        for (int i = 0; i < 12; i++) {
            int location = random.nextInt(4) == 0 ? BOND : 1 + random.nextInt(PORTS);
            fdb.learn(MACS[random.nextInt(3)], vid(), location, 0);
        }
        return new NormalBridge(0, "br0", ports, List.of(network))
                .change()
                .bonds(List.of(bond.bond()), locks)
                .mirrors(mirrors)
                .build()
                .snapshot(1)
                .change()
                .put(new Port.Device(10, "p10", 0, 1_500, random.nextInt(4) != 0))
                .put(new Port.Device(11, "p11", 0, 1_500, random.nextInt(4) != 0))
                .build(2);
    }

    private void draw(FlowKey key) {
        do {
            key.clear();
        } while (FlowExtractor.extract(Hex.frame(frames.next().bytes(), 0), key) != null);
        int from = 1 + random.nextInt(PORTS + 2);
        key.set(FlowField.IN_PORT, from <= PORTS ? from : 10 + from - PORTS - 1);
        key.set(FlowField.ETH_SRC, MACS[random.nextInt(3)]);
        key.set(FlowField.ETH_DST, MACS[random.nextInt(MACS.length)]);
        int tags = random.nextInt(3);
        tag(key, tags > 0, FlowField.VLAN_TCI, FlowField.VLAN_TPID);
        tag(key, tags > 1, FlowField.VLAN_TCI_INNER, FlowField.VLAN_TPID_INNER);
        if (random.nextInt(4) == 0) {
            // one of those that came back to be sent by a bond, or an id that nobody knows
            key.set(FlowField.RECIRC_ID, 1 + random.nextInt(8));
            key.set(FlowField.DP_HASH, random.nextInt());
        }
    }

    private void tag(FlowKey key, boolean isThere, FlowField tci, FlowField tpid) {
        int priority = random.nextBoolean() ? 0 : random.nextInt(8);
        key.set(tci, isThere ? priority << 13 | FlowField.VLAN_PRESENT | vid() : 0);
        key.set(tpid, !isThere ? 0 : random.nextBoolean() ? 0x8100 : 0x88a8);
    }

    private Verdict translate(FlowKey key, FlowMask mask, Snapshot snapshot) {
        mask.clear();
        reader.reset(key, mask);
        translation.begin(reader, snapshot, null, null);
        translation.run();
        return verdicts.of(translation);
    }

    /** The first key where the mask looks, another one elsewhere: a frame's, or any bits. */
    private void agree(FlowKey into, FlowKey first, FlowMask looked, FlowKey noise) {
        into.clear();
        for (FlowField field : FlowField.values()) {
            long maskHi = looked.getHi(field);
            long maskLo = looked.get(field);
            into.set(
                    field,
                    first.getHi(field) & maskHi | noise.getHi(field) & ~maskHi,
                    first.get(field) & maskLo | noise.get(field) & ~maskLo);
        }
    }

    @Test
    void whatAgreesWhereTheTranslationLookedGetsTheSameVerdict() {
        FlowKey first = new FlowKey();
        FlowKey second = new FlowKey();
        FlowKey noise = new FlowKey();
        FlowMask looked = new FlowMask();
        FlowMask lookedAgain = new FlowMask();
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < BRIDGES; i++) {
            Snapshot snapshot = bridge(new Fdb(64));
            for (int j = 0; j < KEYS; j++) {
                draw(first);
                String verdict = translate(first, looked, snapshot).toString();
                for (String action : verdict.split(",", -1)) {
                    kinds.add(action.replaceAll("clone\\(|:.*|(?<=recirc\\(|l4\\(|trunc\\().*", ""));
                }
                for (int k = 0; k < OTHERS; k++) {
                    draw(noise);
                    agree(second, first, looked, noise);
                    assertTrue(first.equalsUnder(looked, second));
                    assertEquals(
                            verdict,
                            translate(second, lookedAgain, snapshot).toString(),
                            () -> first + "\n" + second + "\n" + looked);
                    assertEquals(looked, lookedAgain, () -> first + "\n" + second);
                }
                second.copyMasked(first, looked);
                assertEquals(verdict, translate(second, lookedAgain, snapshot).toString());
            }
        }
        assertTrue(
                kinds.containsAll(Set.of(
                        "output",
                        "pop_vlan",
                        "push_vlan",
                        "drop(vlan-not-carried)",
                        "drop(mirror-port)",
                        "drop(bond-member)",
                        "drop(bond-reflected)",
                        "hash(l4(",
                        "recirc(",
                        "trunc(",
                        "drop(same-port)",
                        "drop(bridge-reserved)")),
                kinds::toString);
    }

    @Test
    void comingToTheSameVerdictAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FlowKey key = new FlowKey();
        FlowMask mask = new FlowMask();
        for (int i = 0; i < 20; i++) {
            Fdb fdb = new Fdb(64);
            Snapshot snapshot = bridge(fdb);
            for (int j = 0; j < 40; j++) {
                draw(key);
                learn(key, mask, snapshot);
                mask.clear();
                reader.reset(key, mask);
                translation.begin(reader, snapshot, null, null);
                translation.run();
                Verdict verdict = verdicts.of(translation);
                for (int k = 0; k < 50; k++) {
                    again(key, mask, snapshot, verdict);
                }
                if (!translation.news().isEmpty()) {
                    continue; // an announcement: told each time
                }
                // what the machine itself allocates once, when it links or compiles, is not in every round
                long least = Long.MAX_VALUE;
                boolean same = true;
                for (int round = 0; round < ROUNDS && least > 0; round++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int k = 0; k < AGAIN; k++) {
                        same &= again(key, mask, snapshot, verdict);
                    }
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
                assertTrue(same);
                assertEquals(0, least, () -> key + "\n" + verdict);
            }
        }
    }

    private boolean again(FlowKey key, FlowMask mask, Snapshot snapshot, Verdict verdict) {
        mask.clear();
        reader.reset(key, mask);
        translation.begin(reader, snapshot, null, verdict);
        translation.run();
        return translation.agreesWith(verdict);
    }

    /** Has the MAC table know what the frame teaches. */
    private void learn(FlowKey key, FlowMask mask, Snapshot snapshot) {
        mask.clear();
        reader.reset(key, mask);
        translation.begin(reader, snapshot, null, null);
        translation.run();
        for (News news : translation.news()) {
            if (news instanceof NormalNews.Learn learn) {
                learn.fdb().learn(learn.mac(), learn.vlan(), learn.location(), 0);
            }
        }
    }
}
