package io.jvswitch.vswitchd.conductor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TraceEvent;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.FailMode;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import io.jvswitch.vswitchd.plan.bridge.VlanSpec;
import io.jvswitch.vswitchd.time.Moment;
import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bridges of patch ports, and of ports that wait for devices that nobody has; there are no workers. */
final class BridgesTest {

    private static final Moment NOW = Moment.of(1, 1_700_000_000_000L);
    private static final MacAddress DEFAULT_MAC = MacAddress.parse("02:00:00:00:00:99");

    private SwitchState state;

    @BeforeEach
    void make() throws Exception {
        SwitchSpec spec = ConfigReader.read("f", "switch: {name: hv1}\nnetworks: {blue: {tunnel: none}}\n");
        VtepTable vteps = new VtepTable(4789, 1);
        Workers none = Workers.of(List.of());
        state = new SwitchState(
                spec,
                none,
                vteps,
                new Underlay(spec.underlay(), vteps, none, () -> {}),
                new LinkWatches(() -> {}),
                () -> {});
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static BridgeSpec bridge(String name, BridgePortSpec... ports) {
        return BridgeSpec.of(name, DEFAULT_MAC, List.of(ports));
    }

    private static BridgePortSpec patch(String name, String peer) {
        return BridgePortSpec.of(InterfaceSpec.patch(name, peer));
    }

    private void become(BridgeSpec... bridges) {
        var _ = state.become(spec -> spec.withBridges(List.of(bridges)));
        state.changeSome(() -> NOW, Long.MAX_VALUE);
    }

    private InterfaceView view(String name) {
        for (BridgeView bridge : state.bridges().views()) {
            for (InterfaceView one : bridge.interfaces()) {
                if (one.name().equals(name)) {
                    return one;
                }
            }
        }
        throw new AssertionError("no interface " + name);
    }

    /** Bridges that a frame from A to B enters which comes in by an interface, and why it is dropped at last. */
    private List<String> way(String from, int vid) {
        FlowKey key = new FlowKey();
        byte[] frame = (vid == 0 ? Frames.aToB() : Frames.aToB().vlan(vid))
                .etherType(0x88b5)
                .payload(46)
                .bytes();
        assertNull(FlowExtractor.extract(Hex.frame(frame, 0), key));
        key.set(FlowField.IN_PORT, view(from).number());
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        List<String> way = new ArrayList<>();
        var verdict = Translation.of(reader, state.snapshot(), event -> {
            if (event instanceof TraceEvent.Entered entered) {
                way.add(entered.bridge() + " by " + entered.port());
            }
        });
        way.add(verdict.toString());
        return way;
    }

    @Test
    void framesCrossPatchCables() {
        become(
                bridge("br0", patch("a0", "a1"), patch("b0", "b2")),
                bridge("br1", patch("a1", "a0")),
                bridge("br2", patch("b2", "b0")));
        assertEquals(List.of("br0 by a0", "br2 by b2", "drop(no-destination)"), way("a0", 0));
        become(bridge("br0", patch("a0", "a1"), patch("b0", "b2")), bridge("br1", patch("a1", "a0")));
        assertEquals(List.of("br0 by a0", "drop(port-down)"), way("a0", 0), "the other end has gone");
        become(
                bridge("br0", patch("a0", "a1"), patch("b0", "b2")),
                bridge("br1", patch("a1", "a0"), patch("b2", "b0")));
        List<String> circle = way("a0", 0);
        assertEquals(List.of("br0 by a0", "br1 by b2", "br0 by a0"), circle.subList(0, 3));
        assertEquals("drop(translation-too-deep)", circle.getLast(), "two cables between the same bridges");
    }

    @Test
    void portsCarryTheirVlans() {
        BridgePortSpec access = BridgePortSpec.of(InterfaceSpec.patch("b0", "b1"), VlanSpec.access(10));
        BridgeSpec other = bridge("br1", patch("b1", "b0"), patch("c1", "none"));
        become(bridge("br0", patch("a0", "none"), access), other);
        assertEquals(List.of("br0 by a0", "drop(no-destination)"), way("a0", 20));
        assertEquals("br1 by b1", way("a0", 10).get(1));
    }

    @Test
    void aBridgeWithoutItsControllerPassesNothing() {
        BridgeSpec open = bridge("br0", patch("a0", "none"), patch("b0", "b1"));
        BridgeSpec other = bridge("br1", patch("b1", "b0"));
        BridgeSpec secure = new BridgeSpec(
                open.name(),
                FailMode.SECURE,
                open.mac(),
                open.defaultMac(),
                open.datapathId(),
                open.forwardsReserved(),
                open.knownTags(),
                open.floodVlans(),
                open.macAge(),
                open.macTableSize(),
                open.ports(),
                open.mirrors());
        become(secure, other);
        assertEquals(List.of("br0 by a0", "drop(no-output)"), way("a0", 0));
        become(open, other);
        assertEquals(List.of("br0 by a0", "br1 by b1", "drop(no-destination)"), way("a0", 0));
    }

    @Test
    void openFlowNumbersBelongToABridge() {
        InterfaceSpec asked = new InterfaceSpec("a0", InterfaceType.PATCH, 2, 0, 0, null, "a1");
        InterfaceSpec former = new InterfaceSpec("c0", InterfaceType.PATCH, 0, 9, 0, null, "none");
        become(
                bridge(
                        "br0",
                        patch("b0", "b1"),
                        BridgePortSpec.of(asked),
                        patch("d0", "none"),
                        BridgePortSpec.of(former)),
                bridge("br1", patch("a1", "a0"), patch("b1", "b0")));
        assertEquals(1, view("b0").openFlowPort());
        assertEquals(2, view("a0").openFlowPort());
        assertEquals(3, view("d0").openFlowPort());
        assertEquals(9, view("c0").openFlowPort());
        assertEquals(1, view("a1").openFlowPort());
        assertEquals(2, view("b1").openFlowPort());
        InterfaceSpec other = new InterfaceSpec("a0", InterfaceType.PATCH, 20, 0, 0, null, "a1");
        become(bridge("br0", patch("b0", "b1"), BridgePortSpec.of(other)));
        assertEquals(1, view("b0").openFlowPort());
        assertEquals(20, view("a0").openFlowPort());
    }

    @Test
    void aDeviceThatIsNotThereIsAnErrorInOpenVswitchsWords() {
        become(bridge("br0", BridgePortSpec.of(InterfaceSpec.of("jvs-none", InterfaceType.SYSTEM))));
        InterfaceView missing = view("jvs-none");
        assertEquals(-1, missing.openFlowPort());
        assertEquals("could not open network device jvs-none (No such device)", missing.error());
        assertEquals(
                List.of("jvs-none", "ovs-netdev"),
                state.portNumbers().keySet().stream().sorted().toList());
    }

    @Test
    void whatGoesLeavesNothingBehind() {
        become(bridge("br0", patch("a0", "a1")), bridge("br1", patch("a1", "a0")));
        Snapshot before = state.snapshot();
        Port port = before.port(view("a1").number());
        assertNotNull(port);
        assertNotNull(before.bridge(port.bridge()));
        become();
        Snapshot after = state.snapshot();
        assertNull(after.port(port.number()));
        assertNull(after.bridge(port.bridge()));
        assertEquals(List.of(), state.bridges().views());
        assertEquals(0, state.ports().size());
    }

    @Test
    void theMacIsTheConfiguredOneOrTheDefault() {
        BridgeSpec plain = bridge("br0", patch("a0", "none"));
        become(plain);
        BridgeView shown = state.bridges().views().getFirst();
        assertEquals(DEFAULT_MAC, shown.mac(), "a patch port's is made up");
        assertEquals(DEFAULT_MAC.bits(), shown.datapathId());
        MacAddress made = MacAddress.parse("00:11:22:33:44:55");
        become(new BridgeSpec(
                "br0",
                FailMode.STANDALONE,
                made,
                DEFAULT_MAC,
                0x77L,
                false,
                1,
                plain.floodVlans(),
                plain.macAge(),
                plain.macTableSize(),
                plain.ports(),
                List.of()));
        shown = state.bridges().views().getFirst();
        assertEquals(made, shown.mac());
        assertEquals(0x77L, shown.datapathId());
    }

    private static int learnt(SwitchState state, Fdb fdb, int location) {
        state.handle(
                new ConductorEvent.FromTranslation(new NormalNews.Learn(0, fdb, 0x020000000001L, 5, location), 1), NOW);
        return fdb.lookup(0x020000000001L, 5);
    }

    @Test
    void addressesAreLearntInTheBridgeWhoseTableItIs() {
        become(bridge("br0", patch("a0", "a1")), bridge("br1", patch("a1", "a0")));
        Port port = state.snapshot().port(view("a0").number());
        assertNotNull(port);
        Fdb fdb = ((NormalBridge) Objects.requireNonNull(state.snapshot().bridge(port.bridge())))
                .networks()
                .getFirst()
                .fdb();
        assertEquals(Fdb.UNKNOWN, learnt(state, fdb, view("a1").number()), "another bridge's port");
        assertEquals(port.number(), learnt(state, fdb, port.number()));
        become(
                bridge("br0", BridgePortSpec.of(InterfaceSpec.patch("a0", "a1"), VlanSpec.access(5))),
                bridge("br1", patch("a1", "a0")));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(0x020000000001L, 5), "its tags mean something else now");
        assertNotEquals(Fdb.UNKNOWN, learnt(state, fdb, port.number()));
        assertEquals(
                List.of("a0"),
                state.bridges().views().getFirst().interfaces().stream()
                        .map(InterfaceView::name)
                        .toList());
    }
}
