package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guests cannot hide from the switch behind headers that a receiver strips (VU#855201): port 1 is bound to A's
 * addresses.
 */
final class LookThroughTest {

    private static final String HOST_MAC = "02:00:00:00:00:02";
    private static final String HOST_IP = "10.0.0.12";
    private static final String SERVER_MAC = "02:00:00:00:00:d0";
    private static final String SNAP = "aaaa03 000000 ";
    private static final String BRIDGE_TUNNEL = "aaaa03 0000f8 ";

    private final TestSwitch blue = new TestSwitch(3)
            .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
            .host(HOST_MAC, HOST_IP, "192.0.2.2")
            .dhcp(SERVER_MAC, "10.0.0.2")
            .bind(1, Frames.MAC_A, Frames.IP4_A, Frames.IP6_A)
            .publish();

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    /**
     * An Ethernet header and what is written in words: VLAN ids, {@code s} before one of 802.1ad, {@code snap}, {@code
     * tunnel}.
     */
    private static byte[] frame(String layers, FrameBuilder content) {
        byte[] bytes = content.bytes();
        FrameBuilder outside = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST);
        boolean pending = true;
        for (String layer : layers.split("\\+", -1)) {
            if (layer.equals("snap") || layer.equals("tunnel")) {
                // whoever converts such a frame knows its length from elsewhere
                String header = layer.equals("snap") ? SNAP : BRIDGE_TUNNEL;
                outside = pending ? outside.etherType(0x0040) : outside.payload("0040");
                outside = outside.payload(header.strip());
                pending = false;
            } else {
                int tpid = layer.startsWith("s") ? EtherType.SERVICE_VLAN : EtherType.VLAN;
                String tci = "%04x".formatted(Integer.parseInt(layer.replace("s", "")));
                if (pending) {
                    outside = outside.etherType(tpid).payload(tci);
                    pending = false;
                } else {
                    outside = outside.payload("%04x".formatted(tpid) + tci);
                }
            }
        }
        return outside.payload(Arrays.copyOfRange(bytes, 12, bytes.length)).bytes();
    }

    private static FrameBuilder forgedPacket() {
        return Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4("10.0.0.66", "10.0.0.255")
                .udp(1, 2)
                .payload(30);
    }

    private static FrameBuilder forgedArp() {
        return Frames.arpReply(Frames.MAC_A, "10.0.0.66", Frames.MAC_B, Frames.IP4_B);
    }

    private static FrameBuilder forgedIpv6() {
        return Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv6("2001:db8::66", "ff02::1")
                .udp(1, 2)
                .payload(30);
    }

    private static FrameBuilder forgedOffer() {
        return Frames.ethernet(Frames.MAC_B, Frames.MAC_BROADCAST)
                .ipv4(Frames.IP4_B, "255.255.255.255")
                .udp(67, 68)
                .payload(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0+0",
                "0+0+0",
                "0+0+0+0",
                "s0",
                "s0+0",
                "0+s0+0",
                "s0+s0+s0",
                "0+0+0+0+0+0+0+0+0+0",
                "snap",
                "tunnel",
                "snap+0",
                "snap+0+0",
                "0+snap",
                "0+0+snap",
                "0+0+0+snap",
                "0+snap+0",
                "snap+snap",
                "s0+0+snap+s0+snap"
            })
    void whatAReceiverStripsIsLookedThrough(String layers) {
        blue.send(1, frame(layers, forgedPacket()));
        blue.send(1, frame(layers, forgedArp()));
        blue.send(1, frame(layers, forgedIpv6()));
        assertEquals(3, blue.dropped(1, DropReason.SPOOFED_IP), blue::flowsText);
        blue.send(2, frame(layers, forgedOffer()));
        assertEquals(1, blue.dropped(2, DropReason.DHCP_SERVER_SPOOF), blue::flowsText);
        byte[] own = frame(layers, Frames.arpReply(Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B));
        blue.send(1, own);
        assertEquals(1, blue.port(2).drain().size(), "what it may send passes as it came");
        blue.port(3).drain();
        blue.underlay().drain();
        blue.send(1, frame(layers, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, HOST_IP)));
        assertEquals(1, blue.count(1, PortCounters.Kind.ARP_REPLIES), blue::flowsText);
        blue.port(1).drain();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0+0+0+0+0+0+0+0+0+0+0",
                "snap+snap+snap+snap+snap+snap+snap+snap+snap",
                // a VLAN that the key does not tell: its frames would pass for untagged ones
                "0+0+5",
                "0+0+0+5",
                "s0+0+s5",
                "snap+5",
                "0+snap+5",
                "snap+0+5"
            })
    void whatIsDeeperIsDropped(String layers) {
        blue.send(1, frame(layers, forgedPacket()));
        blue.send(2, frame(layers, forgedPacket()));
        assertEquals(1, blue.dropped(1, DropReason.VLAN_TOO_DEEP), blue::flowsText);
        assertEquals(1, blue.dropped(2, DropReason.VLAN_TOO_DEEP), blue::flowsText);
        assertEquals(0, blue.port(3).drain().size());
        assertEquals(0, blue.underlay().drain().size());
    }

    /** The VLAN of a frame is that of the first tag that has one, as Linux finds it. */
    @ParameterizedTest
    @CsvSource({"5, true", "0+5, true", "s0+5, true", "0+6, false", "6, false", "0, true", "0+0, true", "5+6+7, true"})
    void aGuestsTrunkIsLimitedToItsVlansBehindPriorityTagsToo(String layers, boolean passes) {
        BitSet five = new BitSet();
        five.set(5);
        blue.vlans(2, 0, PortVlans.guest(five)).publish();
        byte[] frame = frame(layers, forgedPacket());
        frame[11] = 0x0b;
        blue.send(2, frame);
        assertEquals(passes ? 0 : 1, blue.dropped(2, DropReason.VLAN_NOT_CARRIED), blue::flowsText);
        assertEquals(passes ? 1 : 0, blue.port(3).drain().size());
        blue.port(1).drain();
        blue.underlay().drain();
        frame[11] = 0x0c; // and where it leaves
        blue.send(3, frame);
        assertEquals(passes ? 1 : 0, blue.port(2).drain().size(), blue::flowsText);
        blue.port(1).drain();
        blue.underlay().drain();
    }

    /** A priority tag in front does not carry a guest's frame into the cable's VLANs. */
    @ParameterizedTest
    @ValueSource(strings = {"10", "0+10", "s0+10", "0+0+10"})
    void aGuestCannotReachTheCablesVlansBehindPriorityTags(String layers) {
        blue.vlans(3, 0, PortVlans.trunk(EtherType.VLAN, Map.of(10, 7))).publish();
        blue.send(1, frame(layers, forgedPacket()));
        assertEquals(0, blue.port(3).drain().size());
        blue.port(2).drain();
        blue.underlay().drain();
    }

    /** Bindings are the network's: a guest's own VLAN has other addresses in it. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "0+5", "s5", "5+0+0"})
    void bindingsDoNotApplyInAGuestsOwnVlan(String layers) {
        blue.send(1, frame(layers, forgedPacket()));
        blue.send(1, frame(layers, forgedArp()));
        blue.send(1, frame(layers, forgedIpv6()));
        assertEquals(3, blue.port(2).drain().size(), blue::flowsText);
        blue.port(3).drain();
        blue.underlay().drain();
        byte[] foreign = frame(layers, forgedPacket());
        foreign[11] = 0x0b;
        blue.send(1, foreign);
        assertEquals(1, blue.dropped(1, DropReason.SPOOFED_MAC), "the MAC address is the device's in every VLAN");
    }

    /** QinQ through a cable's tag: the guest's own VLAN is known, and what it has behind that is its own business. */
    @Test
    void tagsBehindAGuestsVlanPass() {
        blue.vlans(2, -1, PortVlans.trunk(EtherType.VLAN, Map.of(10, 0))).publish();
        byte[] frame = frame("10+5+6", forgedPacket());
        frame[11] = 0x0b;
        blue.send(2, frame);
        assertEquals(1, blue.port(3).drain().size(), blue::flowsText);
        blue.port(1).drain();
        blue.underlay().drain();
        byte[] hidden = frame("10+0+6", forgedPacket());
        hidden[11] = 0x0b;
        blue.send(2, hidden);
        assertEquals(1, blue.dropped(2, DropReason.VLAN_TOO_DEEP), blue::flowsText);
    }
}
