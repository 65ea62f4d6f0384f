package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.RuleBridge;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.RuleVersions;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TraceEvent;
import io.jvswitch.datapath.translate.TraceText;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tunnel ports that are ports like others, as {@code ovs-vsctl add-port} makes them: with NORMAL, and with rules. */
final class TunnelPortTest {

    private static final String REMOTE = "192.0.2.7";
    private static final String OTHER = "192.0.2.8";
    private static final int GUEST = 1;
    private static final int ACCESS = 2;
    private static final int VXLAN = Locations.ofTunnel(0);
    private static final int KEYLESS = Locations.ofTunnel(1);
    private static final int FLOW = Locations.ofTunnel(2);
    private static final int KEYED_FLAGS = TunnelFlags.VXLAN | TunnelFlags.KEYED;

    private final Fdb fdb = new Fdb(64);
    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();
    private final FlowReader reader = new FlowReader();
    private final TunnelTraffic traffic = TunnelTraffic.of(1);

    private Port.Tunnel tunnel(int number, TunnelKind kind, @Nullable String remote, long vni, int pathMtuBytes) {
        return new Port.Tunnel(
                number,
                "tun" + number,
                0,
                kind,
                null,
                remote == null ? null : IpAddress.parse(remote),
                vni,
                4_789,
                pathMtuBytes,
                number == VXLAN ? traffic : TunnelTraffic.of(1));
    }

    private List<Port> ports() {
        return List.of(
                new Port.Device(GUEST, "guest", 0, 1_500, true),
                new Port.Device(ACCESS, "access", 0, 1_500, true),
                tunnel(VXLAN, TunnelKind.VXLAN, REMOTE, 42, 1_500),
                tunnel(KEYLESS, TunnelKind.GRE, OTHER, Port.Tunnel.KEYLESS, 1_500),
                tunnel(FLOW, TunnelKind.VXLAN, null, Port.Tunnel.KEY_OF_FLOW, 0));
    }

    /** All ports but the access port of VLAN 20 are trunks. */
    private Snapshot normal() {
        List<NetworkPort> ports = new ArrayList<>();
        for (int number : new int[] {GUEST, ACCESS, VXLAN, KEYLESS}) {
            PortVlans vlans = number == ACCESS ? PortVlans.access(20) : PortVlans.trunk(null);
            ports.add(NetworkPort.ofBridge(number, "p" + number, 0, 1_500, true, vlans, false));
        }
        Network network =
                Network.ofBridge(0, "br0", List.of(GUEST, ACCESS, VXLAN, KEYLESS), fdb, NetworkOptions.bridge());
        return new Snapshot(1, ports(), List.of(new NormalBridge(0, "br0", ports, List.of(network))));
    }

    private Verdict byPort(Snapshot snapshot, int port) {
        key.clear();
        assertNull(FlowExtractor.extract(Hex.frame(Frames.udpv4().payload(18).bytes(), 0), key));
        key.set(FlowField.IN_PORT, port);
        return verdict(snapshot);
    }

    private Verdict byTunnel(Snapshot snapshot, int flags, String remote, long id) {
        byPort(snapshot, Locations.UNDERLAY);
        key.set(FlowField.TUNNEL_FLAGS, flags);
        key.set(FlowField.TUNNEL_ID, id);
        IpAddress source = IpAddress.parse(remote);
        key.set(FlowField.TUNNEL_SRC, source.hi(), source.lo());
        return verdict(snapshot);
    }

    private Verdict verdict(Snapshot snapshot) {
        mask.clear();
        reader.reset(key, mask);
        return Translation.of(reader, snapshot, null);
    }

    @Test
    void normalFloodsAndLearnsThereAsAnywhere() {
        Snapshot snapshot = normal();
        assertEquals(
                "tunnel(vxlan,id=42,dst=192.0.2.7,mtu=1450),tunnel(gre,id=0,dst=192.0.2.8,mtu=1462)",
                byPort(snapshot, GUEST).toString());
        assertEquals(
                "push_vlan:0x8100,set_field:4116->vlan_vid,output:1,tunnel(vxlan,id=42,dst=192.0.2.7,mtu=1450),"
                        + "tunnel(gre,id=0,dst=192.0.2.8,mtu=1462)",
                byPort(snapshot, ACCESS).toString());
        assertEquals(
                "output:1,tunnel(gre,id=0,dst=192.0.2.8,mtu=1462)",
                byTunnel(snapshot, KEYED_FLAGS, REMOTE, 42).toString(),
                "not back, but to other tunnels");
        fdb.learn(MacAddress.parse(Frames.MAC_B).bits(), 0, VXLAN, 1);
        Verdict unicast = byPort(snapshot, GUEST);
        assertEquals("tunnel(vxlan,id=42,dst=192.0.2.7,mtu=1450)", unicast.toString());
        unicast.settle(0, 3, 300, 1);
        assertEquals(3, traffic.sent().frames());
        assertEquals(300, traffic.sent().bytes());
        assertEquals(
                "drop(same-port)", byTunnel(snapshot, KEYED_FLAGS, REMOTE, 42).toString());
        byTunnel(snapshot, KEYED_FLAGS, REMOTE, 42).settle(0, 2, 200, 1);
        assertEquals(2, traffic.received().frames());
    }

    @Test
    void whatIsLearntIsThePortsNumber() {
        Translation translation = new Translation();
        byTunnel(normal(), TunnelFlags.GRE, OTHER, 0);
        reader.reset(key, mask);
        translation.begin(reader, normal(), null, null);
        translation.run();
        assertEquals(
                List.of(new NormalNews.Learn(
                        0, fdb, MacAddress.parse(Frames.MAC_A).bits(), 0, KEYLESS)),
                translation.news());
    }

    @Test
    void whatNoPortTakesIsDropped() {
        Snapshot snapshot = normal().change().removePort(FLOW).build(2);
        assertEquals(
                "drop(tunnel-unknown-key)",
                byTunnel(snapshot, KEYED_FLAGS, OTHER, 42).toString());
        assertEquals(
                "drop(tunnel-unknown-key)",
                byTunnel(snapshot, TunnelFlags.GRE, REMOTE, 0).toString());
        assertEquals(
                "drop(tunnel-unknown-key)",
                byTunnel(snapshot, KEYED_FLAGS, REMOTE, 43).toString());
        assertTrue(mask.isWild(FlowField.TUNNEL_SRC), "nobody has the key");
    }

    private static void toRemoteOfFlow(Translation step, long id, String remote) {
        IpAddress address = IpAddress.parse(remote);
        step.set(FlowField.TUNNEL_ID, id);
        step.set(FlowField.TUNNEL_DST, address.hi(), address.lo(), -1L, -1L);
        step.output(FLOW);
    }

    @Test
    void rulesMatchThePortAndWriteWhatItLeavesToTheFlow() {
        RuleVersions versions = new RuleVersions();
        RuleBridge bridge = new RuleBridge(0, 1, 1, versions);
        bridge.add(0, 10, step -> step.output(GUEST), FlowField.IN_PORT, VXLAN);
        bridge.add(
                0,
                10,
                step -> {
                    toRemoteOfFlow(step, 7, OTHER);
                    toRemoteOfFlow(step, 8, "2001:db8::8");
                },
                FlowField.IN_PORT,
                GUEST);
        bridge.add(0, 10, step -> step.output(FLOW), FlowField.IN_PORT, ACCESS);
        bridge.publish();
        Snapshot snapshot = new Snapshot(1, ports(), List.of(bridge), versions);
        assertEquals("output:1", byTunnel(snapshot, KEYED_FLAGS, REMOTE, 42).toString());
        assertEquals(
                "drop(no-output)",
                byTunnel(snapshot, KEYED_FLAGS, OTHER, 42).toString(),
                "came by the port that takes every key");
        assertEquals(
                "tunnel(vxlan,id=7,dst=192.0.2.8,mtu=65535),tunnel(vxlan,id=8,dst=2001:db8::8,mtu=65535)",
                byPort(snapshot, GUEST).toString());
        assertFalse(mask.toString().contains("tun"), () -> "what was written costs no bit: " + mask);
        assertEquals("drop(no-destination)", byPort(snapshot, ACCESS).toString());
        List<String> lines = new ArrayList<>();
        reader.reset(key, mask);
        Translation.of(reader, snapshot, new TraceText(lines::add));
        assertEquals("tunnel port tun" + FLOW + " has no remote address, and the frame brings none", lines.getFirst());
    }

    @Test
    void aTranslationThatComesToTheSameMakesNothingNew() {
        RuleVersions versions = new RuleVersions();
        RuleBridge bridge = new RuleBridge(0, 1, 1, versions);
        bridge.add(0, 0, step -> toRemoteOfFlow(step, 7, OTHER));
        bridge.publish();
        Snapshot snapshot = new Snapshot(1, ports(), List.of(bridge), versions);
        Verdict first = byPort(snapshot, GUEST);
        Translation again = new Translation();
        reader.reset(key, mask);
        List<Action> actions = new ArrayList<>();
        again.begin(
                reader,
                snapshot,
                event -> {
                    if (event instanceof TraceEvent.Decided decided) {
                        actions.add(decided.action());
                    }
                },
                first);
        again.run();
        assertTrue(again.agreesWith(first));
        assertSame(first.action(0), actions.getFirst());
    }
}
