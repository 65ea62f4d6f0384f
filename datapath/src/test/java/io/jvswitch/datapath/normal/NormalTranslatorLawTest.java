package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The law of megaflows, for the real brain: every frame that agrees with a translated one in the bits that were looked
 * at gets the same verdict. The second frame is made from the first: its bits where the mask looks, other bits
 * everywhere else.
 */
final class NormalTranslatorLawTest {

    private static final int KEYS = 20_000;
    private static final int OTHERS_PER_KEY = 8;
    private static final List<String> MACS = List.of(
            Frames.MAC_A,
            Frames.MAC_B,
            "02:00:00:00:00:77",
            "02:00:00:00:00:fe",
            Frames.MAC_BROADCAST,
            "02:00:00:00:00:99");
    private static final List<String> IPS =
            List.of(Frames.IP4_A, Frames.IP4_B, "10.0.0.77", "0.0.0.0", Frames.IP6_A, Frames.IP6_B, "fe80::1", "::");

    private final RandomGenerator random = Seed.random(NormalTranslatorLawTest.class);
    private final RandomFrames frames = new RandomFrames(random);
    private final FlowReader reader = new FlowReader();

    private record Outcome(String actions, int network, boolean sourceKept) {}

    private Outcome translate(FlowKey key, FlowMask mask, Snapshot snapshot) {
        mask.clear();
        reader.reset(key, mask);
        Verdict verdict = Translation.of(reader, snapshot, null);
        return new Outcome(verdict.toString(), verdict.network(), verdict.creditsSource());
    }

    private static BitSet vids(int... vids) {
        BitSet set = new BitSet();
        for (int vid : vids) {
            set.set(vid);
        }
        return set;
    }

    @Test
    void whateverAgreesWhereTheTranslationLookedGetsTheSameVerdict() {
        try (TestSwitch sw = new TestSwitch(5)) {
            sw.otherNetwork(1, "red")
                    .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2", "192.0.2.3")
                    .host("02:00:00:00:00:77", "10.0.0.77", "192.0.2.2")
                    .bind(1, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A)
                    .dhcp("02:00:00:00:00:fe")
                    .vlans(2, 0, PortVlans.guest(vids(5, 6)))
                    .vlans(3, -1, PortVlans.trunk(0x8100, Map.of(10, 0, 20, 1)))
                    .vlans(4, 1, PortVlans.trunk(0x88a8, Map.of(10, 0)))
                    .withoutNetwork(5);
            Snapshot snapshot = sw.snapshot();
            sw.fdb().learn(MacAddress.parse(Frames.MAC_B).bits(), 0, 2, 0);
            sw.fdb().learn(MacAddress.parse("02:00:00:00:00:99").bits(), 0, Locations.ofTunnel(1), 0);
            sw.fdb().learn(MacAddress.parse(Frames.MAC_B).bits(), 5, 3, 0);
            FlowKey first = new FlowKey();
            FlowKey second = new FlowKey();
            FlowKey noise = new FlowKey();
            FlowMask looked = new FlowMask();
            FlowMask lookedAgain = new FlowMask();
            Set<String> kinds = new HashSet<>();
            for (int i = 0; i < KEYS; i++) {
                draw(first);
                Outcome outcome = translate(first, looked, snapshot);
                kinds.add(outcome.actions().replaceAll("[(:,].*", ""));
                for (int j = 0; j < OTHERS_PER_KEY; j++) {
                    draw(noise);
                    // Half of the others look like frames, half are bits.
                    agree(second, first, looked, noise, j % 2 == 0);
                    assertTrue(first.equalsUnder(looked, second));
                    assertEquals(
                            outcome,
                            translate(second, lookedAgain, snapshot),
                            () -> first + "\n" + second + "\n" + looked);
                    assertEquals(looked, lookedAgain, () -> first + "\n" + second);
                }
                // Revalidation translates the masked key.
                second.copyMasked(first, looked);
                assertEquals(outcome, translate(second, lookedAgain, snapshot));
            }
            assertTrue(
                    kinds.containsAll(Set.of(
                            "drop", "output", "tunnel", "clamp_mss", "pop_vlan", "push_vlan", "arp_reply", "dhcp")),
                    kinds::toString);
        }
    }

    /** The first key where the mask looks, noise elsewhere. */
    private void agree(FlowKey into, FlowKey first, FlowMask looked, FlowKey noise, boolean bits) {
        into.clear();
        for (FlowField field : FlowField.values()) {
            long hi = bits ? random.nextLong() : noise.getHi(field);
            long lo = bits ? random.nextLong() : noise.get(field);
            long maskHi = looked.getHi(field);
            long maskLo = looked.get(field);
            into.set(field, first.getHi(field) & maskHi | hi & ~maskHi, first.get(field) & maskLo | lo & ~maskLo);
        }
    }

    /** A key that the extractor made of a frame, with addresses and tags that mean something here. */
    private void draw(FlowKey key) {
        do {
            key.clear();
        } while (FlowExtractor.extract(Hex.frame(frames.next().bytes(), 0), key) != null);
        int from = 1 + random.nextInt(6);
        key.set(FlowField.IN_PORT, from == 6 ? Locations.UNDERLAY : from);
        if (from == 6) {
            int kind = random.nextInt(8) == 0 ? TunnelFlags.GRE : TunnelFlags.VXLAN;
            key.set(FlowField.TUNNEL_FLAGS, kind | TunnelFlags.KEYED);
            key.set(FlowField.TUNNEL_ID, random.nextInt(8) == 0 ? 43 : 42);
            IpAddress vtep = IpAddress.parse("192.0.2." + (2 + random.nextInt(3)));
            key.set(FlowField.TUNNEL_SRC, vtep.hi(), vtep.lo());
        }
        if (random.nextInt(4) != 0) {
            key.set(
                    FlowField.ETH_SRC,
                    MacAddress.parse(MACS.get(random.nextInt(MACS.size()))).bits());
            key.set(
                    FlowField.ETH_DST,
                    MacAddress.parse(MACS.get(random.nextInt(MACS.size()))).bits());
            set(key, FlowField.IP_SRC);
            set(key, FlowField.IP_DST);
        }
        if (random.nextInt(3) == 0) {
            int vid = new int[] {0, 5, 6, 7, 10, 20}[random.nextInt(6)];
            key.set(FlowField.VLAN_TCI, random.nextInt(8) << 13 | FlowField.VLAN_PRESENT | vid);
            key.set(FlowField.VLAN_TPID, random.nextBoolean() ? 0x8100 : 0x88a8);
        }
    }

    private void set(FlowKey key, FlowField field) {
        IpAddress ip = IpAddress.parse(IPS.get(random.nextInt(IPS.size())));
        key.set(field, ip.hi(), ip.lo());
    }
}
