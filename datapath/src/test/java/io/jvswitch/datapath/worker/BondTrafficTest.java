package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.Mirror;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.bond.BondBuckets;
import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.bond.BondSettings;
import io.jvswitch.datapath.normal.bond.BondState;
import io.jvswitch.datapath.normal.bond.BridgeBonds;
import io.jvswitch.datapath.normal.bond.LacpState;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bond of ports 3, 4 and 5, towards which a guest at port 1 sends; port 2 is there for copies. */
final class BondTrafficTest {

    private static final int GUEST = 1;
    private static final int WATCHER = 2;
    private static final int BOND = 20;
    private static final List<Integer> MEMBERS = List.of(3, 4, 5);
    private static final long SECOND = 1_000_000_000;

    private final TestSwitch devices = new TestSwitch(5, 256, 1_024);
    private final Fdb fdb = new Fdb(1_024);
    private final BridgeBonds bonds = new BridgeBonds(1);
    private List<Mirror> mirrors = List.of();
    private Set<Integer> up = Set.copyOf(MEMBERS);
    private long version = 100;

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, devices.imbalance());
        assertEquals(0, devices.leakedFrames());
        devices.close();
    }

    private void configure(BondMode mode) {
        fdb.learn(MacAddress.parse(Frames.MAC_B).bits(), 0, BOND, 0);
        fdb.learn(MacAddress.parse(Frames.MAC_A).bits(), 0, GUEST, 0);
        bonds.configure(
                List.of(new BondSettings(BOND, "bond0", mode, MEMBERS)),
                _ -> Locations.NONE,
                up::contains,
                devices.nowNs());
        conduct();
        devices.worker().proxy().publish(snapshot());
    }

    /** What the conductor does once a second and whenever a link changes. */
    private void conduct() {
        LacpState lacp = LacpState.NEGOTIATED;
        if (bonds.run(up::contains, _ -> lacp, devices.nowNs())) {
            devices.worker().proxy().publish(snapshot());
        }
    }

    private Snapshot snapshot() {
        List<NetworkPort> ports = new ArrayList<>();
        for (int number : new int[] {GUEST, WATCHER, BOND}) {
            ports.add(NetworkPort.ofBridge(number, "p" + number, 0, 1_500, true, PortVlans.trunk(null), false));
        }
        Network network = Network.ofBridge(0, "br0", List.of(GUEST, WATCHER, BOND), fdb, NetworkOptions.bridge());
        Snapshot.Change change = new NormalBridge(0, "br0", ports, List.of(network))
                .change()
                .bonds(bonds.bonds(), bonds.locks())
                .mirrors(mirrors)
                .build()
                .snapshot(1)
                .change();
        MEMBERS.forEach(member -> change.put(new Port.Device(member, "p" + member, 0, 1_500, up.contains(member))));
        return change.build(++version);
    }

    private BondState bond() {
        return Objects.requireNonNull(bonds.state(BOND));
    }

    private void send(int connection, int payloadBytes) {
        devices.send(
                GUEST,
                Frames.aToB()
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .udp(1_000 + connection, 9)
                        .payload(payloadBytes)
                        .bytes());
    }

    /** Source port of each frame that left, by member. */
    private Map<Integer, Integer> memberByConnection() {
        Map<Integer, Integer> members = new HashMap<>();
        for (int member : MEMBERS) {
            for (MemoryQueue.Sent sent : devices.port(member).drain()) {
                int connection = ((sent.bytes()[34] & 0xff) << 8 | sent.bytes()[35] & 0xff) - 1_000;
                Integer other = members.put(connection, member);
                assertTrue(other == null || other == member, "a connection keeps its member");
            }
        }
        return members;
    }

    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            for (int slice = 0; slice < 20; slice++) {
                devices.advanceNs(SECOND / 20);
                devices.run();
            }
            conduct();
        }
    }

    @Test
    void connectionsAreOneMegaflowBeforeTheHashAndOneABucketAfterIt() {
        configure(BondMode.BALANCE_TCP);
        for (int turn = 0; turn < 2; turn++) {
            for (int connection = 0; connection < 2_000; connection++) {
                send(connection, 18);
            }
        }
        assertEquals(1 + BondBuckets.COUNT, devices.worker().flows().size());
        Map<Integer, Integer> members = memberByConnection();
        assertEquals(2_000, members.size());
        for (int member : MEMBERS) {
            long count = members.values().stream().filter(of -> of == member).count();
            assertTrue(count > 550 && count < 790, "port " + member + ": " + count);
        }
    }

    @Test
    void aFailedMembersConnectionsMoveAndNoOthers() {
        configure(BondMode.BALANCE_TCP);
        for (int connection = 0; connection < 300; connection++) {
            send(connection, 18);
        }
        Map<Integer, Integer> before = memberByConnection();
        up = Set.of(3, 5);
        conduct();
        for (int connection = 0; connection < 300; connection++) {
            send(connection, 18);
        }
        Map<Integer, Integer> after = memberByConnection();
        assertEquals(300, after.size());
        before.forEach((connection, member) -> {
            if (member != 4) {
                assertEquals(member, after.get(connection));
            }
        });
        assertEquals(0, devices.port(4).drain().size());
        up = Set.of();
        conduct();
        send(0, 18);
        assertEquals(0, leftByTheBond());
        assertEquals(
                1, devices.port(WATCHER).drain().size(), "the place where it was is none, so the frame is flooded");
    }

    /** Three connections of one member's carry nearly everything: two of them leave by the others in the end. */
    private void loadMoves(BondMode mode, IntConsumer sendOne) {
        configure(mode);
        List<Integer> heavy = new ArrayList<>();
        for (int i = 0; heavy.size() < 3; i++) {
            sendOne.accept(i);
            if (devices.port(3).drain().size() == 1) {
                heavy.add(i);
            }
            devices.port(4).drain();
            devices.port(5).drain();
        }
        int flows = devices.worker().flows().size();
        for (int second = 0; second < 12; second++) {
            for (int connection : heavy) {
                for (int i = 0; i < 40; i++) {
                    sendOne.accept(connection);
                }
            }
            seconds(1);
        }
        assertTrue(devices.worker().flows().size() <= flows);
        for (int member : MEMBERS) {
            devices.port(member).drain();
        }
        for (int connection : heavy) {
            sendOne.accept(connection);
        }
        for (int member : MEMBERS) {
            assertEquals(1, devices.port(member).drain().size(), "port " + member);
        }
    }

    @Test
    void connectionsMoveToMembersWithLessLoad() {
        loadMoves(BondMode.BALANCE_TCP, connection -> send(connection, 1_000));
    }

    @Test
    void stationsMoveToMembersWithLessLoad() {
        loadMoves(
                BondMode.BALANCE_SLB,
                station -> devices.send(
                        GUEST,
                        Frames.ethernet(MacAddress.toString(0x0200_0000_4000L + station), Frames.MAC_B)
                                .etherType(0x88b5)
                                .payload(1_000)
                                .bytes()));
    }

    /** Nothing but what moves is translated again: no snapshot is made for it. */
    @Test
    void aBucketThatMovesMakesItsOwnMegaflowsStaleOnly() {
        configure(BondMode.BALANCE_TCP);
        for (int connection = 0; connection < 300; connection++) {
            send(connection, 18);
        }
        Map<Integer, Integer> before = memberByConnection();
        long published = version;
        int bucket = 0;
        int from = bond().bond().memberOf(bond().bond().buckets().ofHash(bucket));
        bond().migrate(bucket, from == 3 ? 4 : 3);
        for (int connection = 0; connection < 300; connection++) {
            send(connection, 18);
        }
        Map<Integer, Integer> after = memberByConnection();
        long moved = before.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
                .count();
        assertTrue(moved <= 8, "some 300 / 256: " + moved);
        assertEquals(published, version);
    }

    @Test
    void aMirrorCopiesWhatLeavesByABondOnce() {
        mirrors = List.of(
                new Mirror("m", false, Set.of(GUEST), Set.of(BOND), null, WATCHER, -1, Mirror.WHOLE, new Credit(1, 0)));
        configure(BondMode.BALANCE_TCP);
        send(1, 18);
        assertEquals(1, devices.port(WATCHER).drain().size(), "not where it comes in and where it leaves again");
        mirrors = List.of(
                new Mirror("m", false, Set.of(), Set.of(BOND), null, WATCHER, -1, Mirror.WHOLE, new Credit(1, 0)));
        devices.worker().proxy().publish(snapshot());
        send(1, 18);
        assertEquals(1, devices.port(WATCHER).drain().size());
        assertEquals(2, leftByTheBond());
    }

    private int leftByTheBond() {
        return MEMBERS.stream()
                .mapToInt(member -> devices.port(member).drain().size())
                .sum();
    }

    @Test
    void whatComesBackForABondThatHasGoneIsDropped() {
        configure(BondMode.BALANCE_TCP);
        send(1, 18);
        assertEquals(1, leftByTheBond());
        bonds.configure(List.of(), _ -> Locations.NONE, up::contains, devices.nowNs());
        devices.worker().proxy().publish(snapshot());
        seconds(2);
        String flows = devices.flowsText();
        assertTrue(flows.contains("drop(port-down)"), flows);
    }

    @Test
    void theSteadyStateAllocatesNothing() {
        configure(BondMode.BALANCE_TCP);
        byte[] frame = Frames.udpv4().payload(18).bytes();
        LoopQueue loop = new LoopQueue(frame);
        Worker worker = devices.worker();
        worker.proxy().removePort(GUEST, () -> {});
        worker.proxy().addPort(GUEST, loop);
        for (int member : MEMBERS) {

            worker.proxy().removePort(member, () -> {});
            worker.proxy().addPort(member, new LoopQueue(frame));
        }
        devices.run();
        AllocationMeter.awaitNone("500 bursts", () -> {
            for (int i = 0; i < 500; i++) {
                loop.refill();
                devices.advanceNs(10_000);
                worker.doWork(devices.nowNs());
            }
        });
        long sent = MEMBERS.stream()
                .mapToLong(member -> devices.count(member, PortCounters.Kind.TX_FRAMES))
                .sum();
        assertTrue(sent > 0);
    }

    @Test
    void locksEndInTime() {
        configure(BondMode.BALANCE_SLB);
        bonds.locks().lock(1, 0, devices.nowNs());
        seconds(4);
        assertTrue(bonds.locks().isLocked(1, 0));
        seconds(2);
        assertTrue(!bonds.locks().isLocked(1, 0));
    }
}
