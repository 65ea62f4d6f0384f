package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A bridge that is made of another one. */
final class NormalBridgeTest {
    private static final NormalBridge EMPTY = new NormalBridge(0, "empty", List.of(), List.of());

    private static NetworkPort port(int number, int mtuBytes) {
        return new NetworkPort(number, "p" + number, 0, mtuBytes, true);
    }

    private static Network blue() {
        return new TestSwitch(1)
                .tunnel(TunnelKind.VXLAN, 42, true)
                .bridge()
                .networks()
                .getFirst();
    }

    @Test
    void differsByWhatChangedOnly() {
        NormalBridge first = EMPTY.change()
                .put(port(1, 1_500))
                .put(port(900, 1_500))
                .put(blue())
                .build();
        NormalBridge second =
                first.change().put(port(1, 1_400)).removePort(900).removePort(7).build();
        assertEquals(1_500, Objects.requireNonNull(first.port(1)).mtuBytes());
        assertNotNull(first.port(900));
        assertEquals(1_400, Objects.requireNonNull(second.port(1)).mtuBytes());
        assertNull(second.port(900));
        assertSame(first.network(0), second.network(0));
    }

    @Test
    void aNetworkThatGoesIsFoundNoMore() {
        Network blue = blue();
        NormalBridge first = EMPTY.change().put(blue).build();
        NormalBridge second = first.change().removeNetwork(blue.id()).build();
        assertEquals(List.of(blue), first.networks());
        assertSame(blue, first.networkOf(TunnelKind.VXLAN, blue.keyed(), blue.tunnelId()));
        assertEquals(List.of(), second.networks());
        assertNull(second.network(blue.id()));
        assertNull(second.networkOf(TunnelKind.VXLAN, blue.keyed(), blue.tunnelId()));
    }

    /** What comes for a key that no network has is dropped whoever sent it. */
    @Test
    void aBridgeTakesTheKeysThatItsNetworksHave() {
        NormalBridge bridge = EMPTY.change().put(blue()).build();
        assertTrue(takes(bridge, TunnelFlags.VXLAN | TunnelFlags.KEYED, 42));
        assertFalse(takes(bridge, TunnelFlags.VXLAN | TunnelFlags.KEYED, 43));
        assertFalse(takes(bridge, TunnelFlags.GRE | TunnelFlags.KEYED, 42));
        assertFalse(takes(EMPTY, TunnelFlags.VXLAN | TunnelFlags.KEYED, 42));
        NormalBridge switched =
                EMPTY.change().put(port(Locations.FIRST_TUNNEL, 1_500)).build();
        assertTrue(takes(switched, TunnelFlags.VXLAN | TunnelFlags.KEYED, 43), "it has a tunnel port of its own");
    }

    private static boolean takes(NormalBridge bridge, int flags, long id) {
        FlowKey key = new FlowKey();
        key.set(FlowField.TUNNEL_FLAGS, flags);
        key.set(FlowField.TUNNEL_ID, id);
        FlowMask looked = new FlowMask();
        FlowReader reader = new FlowReader();
        reader.reset(key, looked);
        boolean takes = bridge.takesKey(reader);
        FlowMask most = new FlowMask().exact(FlowField.TUNNEL_FLAGS).exact(FlowField.TUNNEL_ID);
        assertTrue(most.covers(looked), looked::toString);
        return takes;
    }
}
