package io.jvswitch.vswitchd.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceFrameTest {

    private FakeSwitch control;

    @BeforeEach
    void start() throws Exception {
        control = new FakeSwitch(ConfigReader.read("f", """
                switch: {name: a}
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    subnets: [{cidr: 10.0.0.0/24, gateway: 10.0.0.1}, {cidr: 10.0.9.0/24, gateway: 10.0.9.1}]
                  green: {tunnel: gre, vni: 7}
                  plain: {tunnel: gre}
                ports:
                  vm1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", ip: [10.0.0.11, "2001:db8::11"]}
                  unbound: {kind: tap, network: blue}
                """));
    }

    @AfterEach
    void stop() {
        control.close();
    }

    private byte[] frame(String port, String description) {
        return input(port, description).bytes();
    }

    private TraceInput input(String port, String description) {
        return TraceFrame.input(control, port, description).join();
    }

    private String refusal(String description) {
        try {
            frame("vm1", description);
        } catch (ControlRefusedException e) {
            return String.valueOf(e.getMessage());
        } catch (CompletionException e) {
            return String.valueOf(e.getCause());
        }
        throw new AssertionError("not refused: " + description);
    }

    @Test
    void hexadecimalDigitsAreTheFrame() {
        byte[] bytes = HexFormat.of().parseHex("ffffffffffff02000000000108060001");
        assertArrayEquals(bytes, frame("vm1", "ff:ff:ff:ff:ff:ff 02:00:00:00:00:01 0806 0001"));
        assertTrue(refusal("ffffffffffff020000000001080600010").contains("even number"));
    }

    /** Addresses from the binding of port vm1 and from what is known of 10.0.0.12. */
    @Test
    void whatIsLeftOutIsFilledIn() {
        byte[] tcp = frame("vm1", "tcp dst=10.0.0.12");
        assertEquals(60, tcp.length);
        assertEquals(
                "0200000000020200000000010800" + "4500002c" + "00004000" + "400626b6" + "0a00000b" + "0a00000c"
                        + "9c400050" + "00000000" + "00000000" + "6002ffff",
                HexFormat.of().formatHex(tcp, 0, 50));
        MemorySegment seg = MemorySegment.ofArray(tcp);
        assertNull(Ipv4Header.check(seg, 14, 46));
        assertTrue(Ipv4Header.checksumIsValid(seg, 14));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.TCP, 34, 24));
        assertEquals("020405b4", HexFormat.of().formatHex(tcp, 54, 58), "MSS 1460");
    }

    @Test
    void everythingCanBeGiven() {
        byte[] udp = frame(
                "unbound",
                "udp src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 vlan=10 smac=02:00:00:00:00:aa "
                        + "dmac=02:00:00:00:00:bb ttl=9 size=100");
        assertEquals(100, udp.length);
        assertEquals(
                "0200000000bb0200000000aa8100000a0800" + "45000052" + "00004000" + "0911",
                HexFormat.of().formatHex(udp, 0, 28));
        MemorySegment seg = MemorySegment.ofArray(udp);
        assertTrue(Checksum.transportIsValid(seg, 18, IpProtocol.UDP, 38, 62));
    }

    @Test
    void arpAsksEverybody() {
        byte[] arp = frame("vm1", "arp dst=10.0.0.12");
        assertEquals(
                "ffffffffffff0200000000010806" + "0001080006040001" + "0200000000010a00000b" + "0000000000000a00000c",
                HexFormat.of().formatHex(arp, 0, 42));
        assertEquals(60, arp.length);
    }

    @Test
    void icmpv6OverIpv6() {
        byte[] ping = frame("vm1", "dst=2001:db8::12");
        MemorySegment seg = MemorySegment.ofArray(ping);
        assertNull(Ipv6Header.check(seg, 14, ping.length - 14));
        assertEquals(IpProtocol.ICMPV6, Ipv6Header.nextHeader(seg, 14));
        assertEquals(0x2001_0db8_0000_0000L, Ipv6Header.sourceHi(seg, 14));
        assertEquals(0x11, Ipv6Header.sourceLo(seg, 14));
        assertTrue(Checksum.transportIsValid(seg, 14, IpProtocol.ICMPV6, 54, 8));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp, expected dst=",
        "arp dst=2001:db8::1, expected an IPv4 address as dst of arp",
        "tcp udp dst=10.0.0.12, expected hexadecimal digits",
        "dst=10.0.0.300, expected an IP address as dst",
        "dst=10.0.0.12 src=2001:db8::1, expected src and dst of one family",
        "dst=10.0.0.12 smac=x, expected a MAC address as smac",
        "tcp dst=10.0.0.12 dport=65536, expected a number 0 to 65535 as dport",
        "dst=10.0.0.12 vlan=4096, expected a number 0 to 4095 as vlan",
        "dst=10.0.0.12 df=yes, expected 0 or 1 as df",
        "dst=2001:db8::1 df=0, expected df only with IPv4",
        "dst=10.0.0.12 vtep=192.0.2.2, only for frames from underlay",
        "dst=10.0.0.12 size=59, expected a number 60 to 65549 as size"
    })
    void refuses(String description, String message) {
        assertTrue(refusal(description).contains(message), () -> refusal(description));
    }

    @Test
    void anUnknownPortIsRefused() {
        CompletionException e = assertThrows(CompletionException.class, () -> frame("nope", "dst=10.0.0.12"));
        assertTrue(String.valueOf(e.getCause()).contains("port nope: does not exist"));
    }

    @Test
    void whatItMayBeCutIsTheSendersChoice() {
        assertEquals(0x40, frame("vm1", "udp dst=10.0.0.12")[20]);
        assertEquals(0, frame("vm1", "udp dst=10.0.0.12 df=0")[20]);
    }

    /** A guest sends nothing to a MAC address of everybody only because it knows no better. */
    @Test
    void whoIsNotKnownGetsNoBroadcast() {
        TraceInput near = input("vm1", "icmp dst=10.0.0.77");
        assertEquals("020000fffffe", HexFormat.of().formatHex(near.bytes(), 0, 6));
        assertTrue(near.notes().getFirst().startsWith("who has 10.0.0.77 is not known here"), near::toString);
        TraceInput far = input("vm1", "icmp dst=192.0.2.99");
        assertEquals("020000fffffe", HexFormat.of().formatHex(far.bytes(), 0, 6));
        assertTrue(
                far.notes()
                        .getFirst()
                        .startsWith("192.0.2.99 is in no subnet of the network: goes to its gateway 10.0.0.1"),
                far::toString);
        assertEquals(
                List.of(),
                input("vm1", "icmp dst=192.0.2.99 dmac=02:00:00:00:00:bb").notes());
        assertEquals("01005e000001", HexFormat.of().formatHex(frame("vm1", "icmp dst=224.0.0.1"), 0, 6));
        assertEquals("33330000000c", HexFormat.of().formatHex(frame("vm1", "icmp dst=ff02::c"), 0, 6));
        assertEquals("ffffffffffff", HexFormat.of().formatHex(frame("vm1", "icmp dst=10.0.0.255"), 0, 6));
    }

    /** The sender is the host that is known behind the VTEP. */
    @Test
    void aFrameFromATunnelNamesVtepAndNetwork() {
        TraceInput vxlan = input("underlay", "vtep=192.0.2.2 vni=42 udp dst=10.0.0.11");
        assertEquals(new TraceInput.Arrival(IpAddress.parse("192.0.2.2"), TunnelKind.VXLAN, 42, 0), vxlan.arrival());
        assertEquals("020000000002", HexFormat.of().formatHex(vxlan.bytes(), 6, 12));
        assertEquals("0a00000c", HexFormat.of().formatHex(vxlan.bytes(), 26, 30));
        assertEquals(
                new TraceInput.Arrival(IpAddress.parse("192.0.2.2"), TunnelKind.GRE, 7, 0),
                input("underlay", "udp dst=10.0.0.11 vtep=192.0.2.2 vni=7").arrival());
        assertEquals(
                new TraceInput.Arrival(IpAddress.parse("192.0.2.2"), TunnelKind.GRE, NetworkSpec.NO_VNI, 0),
                input("underlay", "vtep=192.0.2.2 ffffffffffff02000000000108060001")
                        .arrival());
        TraceInput marked = input("underlay", "vtep=192.0.2.2 vni=42 udp dst=10.0.0.11 tos=0x2a outer-tos=187");
        assertEquals(187, Objects.requireNonNull(marked.arrival()).outerTrafficClass());
        assertEquals(0x2a, marked.bytes()[15]);
        assertTrue(refusalFromUnderlay("vtep=192.0.2.2 vni=42 udp dst=10.0.0.11 outer-tos=256")
                .contains("expected a number 0 to 255 as outer-tos"));
        assertTrue(refusalFromUnderlay("dst=10.0.0.11").contains("expected vtep="));
        assertTrue(
                refusalFromUnderlay("dst=10.0.0.11 vtep=192.0.2.2 tunnel=vxlan").contains("as vni"));
        assertTrue(refusalFromUnderlay("dst=10.0.0.11 vtep=192.0.2.2 vni=x").contains("as vni"));
        assertTrue(refusalFromUnderlay("dst=10.0.0.11 vtep=192.0.2.2 vni=42 tunnel=ipip")
                .contains("vxlan or gre"));
    }

    private String refusalFromUnderlay(String description) {
        CompletionException e = assertThrows(CompletionException.class, () -> input("underlay", description));
        return String.valueOf(e.getCause());
    }
}
