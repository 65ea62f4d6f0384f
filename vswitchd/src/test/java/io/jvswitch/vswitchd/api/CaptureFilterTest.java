package io.jvswitch.vswitchd.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.capture.FrameFilter;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureFilterTest {

    private static FrameBuilder built(String name) {
        return switch (name) {
            case "tcp4" -> Frames.tcpv4();
            case "tcp6" -> Frames.tcpv6();
            case "udp4" -> Frames.udpv4();
            case "ping4" -> Frames.pingv4();
            case "ping6" -> Frames.pingv6();
            case "tagged" ->
                Frames.aToB().vlan(7).ipv4(Frames.IP4_A, Frames.IP4_B).udp(1, 2);
            default -> Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp                              | tcp4 tcp6",
                "udp                              | udp4 tagged",
                "icmp                             | ping4 ping6",
                "arp                              | arp",
                "src=10.0.0.10                    | tcp4 udp4 ping4 tagged arp",
                "dst=2001:db8::b                  | tcp6 ping6",
                "tcp dst=10.0.0.11 dport=80       | tcp4",
                "dport=80                         | tcp4 tcp6",
                "dport=9                          | udp4",
                "sport=40000,udp                  | udp4",
                "vlan=7                           | tagged",
                "smac=02:00:00:00:00:0a           | tcp4 tcp6 udp4 ping4 ping6 tagged arp",
                "dmac=ff:ff:ff:ff:ff:ff           | arp",
                "ttl=1                            | ''",
            })
    void wordsPickFrames(String words, String expected) {
        FrameFilter filter = CaptureFilter.of(words);
        StringBuilder passed = new StringBuilder();
        for (String name : new String[] {"tcp4", "tcp6", "udp4", "ping4", "ping6", "tagged", "arp"}) {
            if (filter.matches(built(name).frame(), new FlowKey())) {
                passed.append(passed.isEmpty() ? "" : " ").append(name);
            }
        }
        assertEquals(expected, passed.toString());
    }

    @Test
    void aTunnelIsPickedByKindNumberAndPeer() {
        Frame frame = Frames.udpv4().frame();
        IpAddress peer = IpAddress.parse("192.0.2.2");
        frame.setRemote(peer.hi(), peer.lo(), 4789);
        frame.setTunnel(42, TunnelFlags.VXLAN | TunnelFlags.KEYED);
        for (String words : new String[] {"vni=42", "tunnel=vxlan vni=42 vtep=192.0.2.2", "vtep=192.0.2.2"}) {
            assertTrue(CaptureFilter.of(words).matches(frame, new FlowKey()), words);
        }
        for (String words : new String[] {"vni=43", "tunnel=gre", "vtep=192.0.2.3"}) {
            assertTrue(!CaptureFilter.of(words).matches(frame, new FlowKey()), words);
        }
    }

    @Test
    void noWordsLetAllThrough() {
        assertSame(FrameFilter.ALL, CaptureFilter.of("  "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sctp",
                "tcp udp",
                "src=x",
                "dport=65536",
                "vlan=4096",
                "smac=1",
                "arp dport=1",
                "tunnel=geneve",
                "df=1",
                "size=60",
                "vni=4294967296"
            })
    void whatIsNoFilterIsRefused(String words) {
        ControlRefusedException refused = assertThrows(ControlRefusedException.class, () -> CaptureFilter.of(words));
        assertEquals(ControlRefusedException.Kind.INVALID, refused.kind());
    }
}
