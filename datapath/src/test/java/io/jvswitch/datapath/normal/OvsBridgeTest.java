package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.BondBuckets;
import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.bond.BondSettings;
import io.jvswitch.datapath.normal.bond.BondState;
import io.jvswitch.datapath.normal.bond.LacpState;
import io.jvswitch.datapath.normal.bond.SourceHash;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A bridge as Open vSwitch has them: ports 1 to 4 that are trunks, and a bond, 20, of ports 10 and 11. Which tags leave
 * where, what is copied and what a bond lets in is held against Open vSwitch itself elsewhere.
 */
final class OvsBridgeTest {

    private static final int BOND = 20;

    private final Fdb fdb = new Fdb(64);
    private final ArpLocks locks = new ArpLocks();
    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();
    private final FlowReader reader = new FlowReader();
    private final Translation translation = new Translation();

    private NetworkOptions options = NetworkOptions.bridge();
    private Set<Integer> isolated = Set.of();
    private List<Mirror> mirrors = List.of();
    private Set<Integer> down = Set.of();
    private BondState bond = bond(BondMode.ACTIVE_BACKUP);
    private LacpState lacp = LacpState.OFF;

    private record Decided(NormalBridge normal, Translator translator) implements HasNormal {
        @Override
        public int id() {
            return 0;
        }

        @Override
        public String name() {
            return "br0";
        }

        @Override
        public long version() {
            return normal.version();
        }
    }

    private BondState bond(BondMode mode) {
        BondSettings settings = new BondSettings(BOND, "bond0", mode, List.of(10, 11));
        return new BondState(settings, Locations.NONE, member -> !down.contains(member), 1, 0);
    }

    private NormalBridge bridge() {
        bond.run(member -> !down.contains(member), lacp, 0);
        List<NetworkPort> ports = new ArrayList<>();
        for (int number : new int[] {1, 2, 3, 4, BOND}) {
            ports.add(NetworkPort.ofBridge(
                    number, "p" + number, 0, 1_500, true, PortVlans.trunk(null), isolated.contains(number)));
        }
        Network network = Network.ofBridge(0, "br0", List.of(1, 2, 3, 4, BOND), fdb, options);
        return new NormalBridge(0, "br0", ports, List.of(network))
                .change()
                .bonds(List.of(bond.bond()), locks)
                .mirrors(mirrors)
                .build();
    }

    private Snapshot snapshot() {
        return bridge().snapshot(1)
                .change()
                .put(new Port.Device(10, "p10", 0, 1_500, !down.contains(10)))
                .put(new Port.Device(11, "p11", 0, 1_500, !down.contains(11)))
                .build(2);
    }

    /** What becomes of a frame; what it teaches is not learnt. */
    private String verdict(int port, FrameBuilder frame) {
        return verdict(port, frame, snapshot());
    }

    private String verdict(int port, FrameBuilder frame, Snapshot snapshot) {
        key.clear();
        assertNull(FlowExtractor.extract(Hex.frame(frame.bytes(), 0), key));
        key.set(FlowField.IN_PORT, port);
        mask.clear();
        reader.reset(key, mask);
        translation.begin(reader, snapshot, null, null);
        translation.run();
        mask.clear();
        reader.reset(key, mask);
        return Translation.of(reader, snapshot, null).toString();
    }

    private List<News> news(int port, FrameBuilder frame) {
        verdict(port, frame);
        return List.copyOf(translation.news());
    }

    private static FrameBuilder aToB() {
        return Frames.aToB().etherType(0x88b5).payload(46);
    }

    private static long mac(String text) {
        return MacAddress.parse(text).bits();
    }

    // ---- learning ----

    @Test
    void aStationIsLearntInTheVlanOfItsFrameAndMoves() {
        FrameBuilder inVlan5 = Frames.aToB().vlan(5).etherType(0x88b5).payload(46);
        assertEquals(List.of(new NormalNews.Learn(0, fdb, mac(Frames.MAC_A), 5, 1)), news(1, inVlan5));
        fdb.learn(mac(Frames.MAC_A), 5, 1, 0);
        assertEquals(List.of(), news(1, inVlan5));
        assertEquals(List.of(new NormalNews.Learn(0, fdb, mac(Frames.MAC_A), 5, 2)), news(2, inVlan5));
        assertEquals(List.of(new NormalNews.Learn(0, fdb, mac(Frames.MAC_A), 5, BOND)), news(10, inVlan5));
    }

    @Test
    void aGroupIsNoSource() {
        assertEquals(
                List.of(),
                news(
                        1,
                        Frames.ethernet("03:00:00:00:00:01", Frames.MAC_B)
                                .etherType(0x88b5)
                                .payload(46)));
    }

    @Test
    void vlansAreLookedUpApart() {
        fdb.learn(mac(Frames.MAC_B), 5, 3, 0);
        assertEquals(
                "output:3", verdict(1, Frames.aToB().vlan(5).etherType(0x88b5).payload(46)));
        assertEquals(
                "output:2,output:3,output:4,output:10",
                verdict(1, Frames.aToB().vlan(6).etherType(0x88b5).payload(46)));
    }

    @Test
    void floodVlansAreFloodedAndNotLearnt() {
        BitSet flood = new BitSet();
        flood.set(5);
        options = new NetworkOptions(false, false, 1, flood);
        fdb.learn(mac(Frames.MAC_B), 5, 3, 0);
        FrameBuilder inVlan5 = Frames.aToB().vlan(5).etherType(0x88b5).payload(46);
        assertEquals("output:2,output:3,output:4,output:10", verdict(1, inVlan5));
        assertEquals(List.of(), news(1, inVlan5));
        assertEquals(1, news(1, aToB()).size(), "another VLAN");
    }

    @Test
    void reservedAddressesAreForwardedWhenTheBridgeSaysSo() {
        FrameBuilder lldp = Frames.ethernet(Frames.MAC_A, "01:80:c2:00:00:0e")
                .etherType(0x88cc)
                .payload(46);
        FrameBuilder cdp = Frames.ethernet(Frames.MAC_A, "01:00:0c:cc:cc:cc")
                .etherType(0x88b5)
                .payload(46);
        assertEquals("drop(bridge-reserved)", verdict(1, lldp));
        assertEquals("drop(bridge-reserved)", verdict(1, cdp));
        options = new NetworkOptions(false, true, 1, new BitSet());
        assertEquals("output:2,output:3,output:4,output:10", verdict(1, lldp));
        assertEquals("output:2,output:3,output:4,output:10", verdict(1, cdp));
    }

    // ---- protected ports ----

    @Test
    void isolatedPortsExchangeNothing() {
        isolated = Set.of(1, 3);
        assertEquals("output:2,output:4,output:10", verdict(1, aToB()));
        assertEquals("output:1,output:3,output:4,output:10", verdict(2, aToB()));
        fdb.learn(mac(Frames.MAC_B), 0, 3, 0);
        assertEquals("drop(ports-isolated)", verdict(1, aToB()));
        assertEquals("output:3", verdict(2, aToB()));
    }

    // ---- mirrors ----

    private static Mirror mirror(Set<Integer> sources, Set<Integer> destinations, int output) {
        return new Mirror("m", false, sources, destinations, null, output, -1, Mirror.WHOLE, new Credit(1, 0));
    }

    @Test
    void aPortOfCopiesTakesAndGivesNothingElse() {
        mirrors = List.of(mirror(Set.of(1), Set.of(), 4));
        assertEquals("output:4,output:2,output:3,output:10", verdict(1, aToB()));
        assertEquals("drop(mirror-port)", verdict(4, aToB()));
        fdb.learn(mac(Frames.MAC_B), 0, 4, 0);
        assertEquals("drop(mirror-port)", verdict(2, aToB()));
    }

    @Test
    void aMirrorIsCreditedWithItsCopiesOnce() {
        Mirror both = mirror(Set.of(1), Set.of(2, 3), 4);
        Mirror never = mirror(Set.of(3), Set.of(1), 4);
        mirrors = List.of(both, never);
        Snapshot snapshot = snapshot();
        verdict(1, aToB(), snapshot);
        mask.clear();
        reader.reset(key, mask);
        Verdict verdict = Translation.of(reader, snapshot, null);
        assertEquals("output:4,output:2,output:3,output:10", verdict.toString());
        verdict.settle(0, 7, 700, 1);
        assertEquals(7, both.credit().frames());
        assertEquals(700, both.credit().bytes());
        assertEquals(0, never.credit().frames());
    }

    @Test
    void aBondIsWatchedAsAPort() {
        mirrors = List.of(mirror(Set.of(BOND), Set.of(), 4));
        assertEquals("output:4,output:1,output:2,output:3", verdict(10, aToB()));
        mirrors = List.of(mirror(Set.of(), Set.of(BOND), 4));
        assertEquals("output:2,output:3,output:10,output:4", verdict(1, aToB()));
    }

    @Test
    void copiesAreMadeWhateverBrainDecides() {
        mirrors = List.of(mirror(Set.of(1), Set.of(), 4));
        Translator drops = step -> {};
        Snapshot decided = snapshot().change().put(new Decided(bridge(), drops)).build(3);
        assertEquals("output:4", verdict(1, aToB(), decided));
    }

    // ---- another brain that asks for NORMAL ----

    @Test
    void normalSeesTheTagsThatTheBridgePutOn() {
        Translator pushes = step -> {
            step.pushVlan(0x8100, 2, 5);
            step.writeTags();
            NormalTranslator.normal(step, ((HasNormal) step.scope().bridge()).normal());
        };
        fdb.learn(mac(Frames.MAC_B), 5, 3, 0);
        Snapshot decided =
                snapshot().change().put(new Decided(bridge(), pushes)).build(3);
        assertEquals(
                "push_vlan:0x8100,set_field:4101->vlan_vid,set_field:2->vlan_pcp,output:3",
                verdict(1, aToB(), decided));
    }

    /** As Open vSwitch 3.1 says: "Flow is between protected ports, skipping output." */
    @Test
    void isolatedPortsExchangeNothingWhateverBrainDecides() {
        isolated = Set.of(1, 2, BOND);
        Translator outputs = step -> {
            step.output(2);
            step.output(10);
            if (step.key().is(FlowField.ETH_TYPE, 0x88b5)) {
                step.output(3);
            }
        };
        Snapshot decided =
                snapshot().change().put(new Decided(bridge(), outputs)).build(3);
        assertEquals("output:3", verdict(1, aToB(), decided));
        assertEquals("output:2,output:10,output:3", verdict(4, aToB(), decided));
        assertEquals("drop(ports-isolated)", verdict(1, Frames.udpv4(), decided));
        mirrors = List.of(mirror(Set.of(1), Set.of(), 2));
        assertEquals("output:3,output:4", verdict(1, aToB()), "nor is a copy allowed");
    }

    /** Open vSwitch: "Mirror truncate to ODPP_NONE, skipping output", and tells nobody. */
    @Test
    void copiesThatAreCutShortDoNotCrossPatchPorts() {
        Mirror whole = mirror(Set.of(1), Set.of(), 4);
        Mirror shortened = new Mirror("m", false, Set.of(1), Set.of(), null, 4, -1, 64, new Credit(1, 0));
        for (Mirror mirror : List.of(whole, shortened)) {
            mirrors = List.of(mirror);
            List<String> said = new ArrayList<>();
            verdict(1, aToB());
            Snapshot patched =
                    snapshot().change().put(new Port.Patch(4, "p4", 0, 99)).build(3);
            reader.reset(key, mask);
            Translation.of(reader, patched, event -> said.add(event.toString()));
            assertEquals(
                    mirror.equals(shortened),
                    said.stream().anyMatch(text -> text.contains("cut short does not cross patch port p4")),
                    said::toString);
        }
    }

    @Test
    void aSnaplenIsThatOfOpenVswitch() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Mirror("m", true, Set.of(), Set.of(), null, 4, -1, 13, new Credit(1, 0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Mirror("m", true, Set.of(), Set.of(), null, 4, -1, 65_536, new Credit(1, 0)));
    }

    // ---- bonds ----

    private static FrameBuilder gratuitous(String mac) {
        return Frames.arpRequest(mac, "10.0.0.1", "10.0.0.1");
    }

    @Test
    void aFailedMemberIsReplacedWithTheSnapshotThatSaysSo() {
        assertEquals("output:2,output:3,output:4,output:10", verdict(1, aToB()));
        assertEquals("drop(bond-member)", verdict(11, aToB()));
        down = Set.of(10);
        assertEquals("output:2,output:3,output:4,output:11", verdict(1, aToB()));
        assertEquals("output:1,output:2,output:3,output:4", verdict(11, aToB()));
        down = Set.of(10, 11);
        assertEquals("output:2,output:3,output:4", verdict(1, aToB()));
    }

    @Test
    void aFrameThatComesBackByAnotherMemberIsDropped() {
        bond = bond(BondMode.BALANCE_SLB);
        assertEquals("output:1,output:2,output:3,output:4", verdict(11, aToB()));
        fdb.learn(mac(Frames.MAC_A), 0, 1, 0);
        assertEquals("drop(bond-reflected)", verdict(11, aToB()));
        fdb.learn(mac(Frames.MAC_A), 0, BOND, 0);
        assertEquals("output:1,output:2,output:3,output:4", verdict(11, aToB()));
    }

    @Test
    void anAnnouncementAtAPortLocksTheAddressAndHidesNoFurtherOne() {
        NormalNews.Announcement announced = new NormalNews.Announcement(locks, mac(Frames.MAC_A), 0, 1);
        assertTrue(news(1, gratuitous(Frames.MAC_A)).contains(announced));
        assertFalse(announced.allowsFlow());
        assertEquals(
                List.of(new NormalNews.Learn(0, fdb, mac(Frames.MAC_A), 0, BOND)), news(10, gratuitous(Frames.MAC_A)));
        locks.lock(mac(Frames.MAC_A), 0, 0);
        assertEquals(List.of(), news(10, gratuitous(Frames.MAC_A)), "is not learnt at the bond");
        assertFalse(
                news(1, Frames.arpRequest(Frames.MAC_A, "10.0.0.1", "10.0.0.2")).contains(announced));
    }

    /** The SLB bond's choice is the bucket's that ovs-appctl bond/hash says, too; it moves with the bucket only. */
    @Test
    void aStationKeepsItsMemberUntilItsBucketMoves() {
        bond = bond(BondMode.BALANCE_SLB);
        fdb.learn(mac(Frames.MAC_B), 0, BOND, 0);
        int bucket = SourceHash.of(mac(Frames.MAC_A), 0, 0) & BondBuckets.COUNT - 1;
        bond.migrate(bucket, 10);
        assertEquals("output:10", verdict(1, aToB()));
        bond.migrate(bucket ^ 1, 11);
        assertEquals("output:10", verdict(1, aToB()));
        long version = bridge().version();
        bond.migrate(bucket, 11);
        assertEquals("output:11", verdict(1, aToB()));
        assertTrue(bridge().version() > version, "so that housekeeping sees it");
    }

    @Test
    void aBondThatSharesByConnectionsLetsTheHashDecide() {
        bond = bond(BondMode.BALANCE_TCP);
        fdb.learn(mac(Frames.MAC_B), 0, BOND, 0);
        assertEquals("output:2,output:3,output:4", verdict(1, aToB()), "nothing leaves without a partner");
        lacp = LacpState.NEGOTIATED;
        assertEquals("hash(l4(0)),recirc(0x1)", verdict(1, Frames.udpv4().payload(18)));
        assertEquals(0, mask.get(FlowField.L4_SRC) | mask.get(FlowField.IP_SRC) | mask.get(FlowField.IP_PROTO));
    }
}
