package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.TraceText;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a trace says of a frame's size is what {@link OversizeTest} sees happen to it. */
final class DryRunTest {

    private static final String TUNNEL = "tunnel(vxlan,id=42,dst=192.0.2.2,mtu=1450)";
    private static final String TOO_LARGE = "too large for the vxlan tunnel to 192.0.2.2, MTU 1450: ";

    private final TestSwitch blue = new TestSwitch(2)
            .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2")
            .host(Frames.MAC_B, Frames.IP4_B, "192.0.2.2")
            .publish();
    private final List<String> steps = new ArrayList<>();

    @AfterEach
    void close() {
        blue.close();
    }

    private String dryRun(byte[] bytes) {
        Frame frame = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + bytes.length]));
        frame.resize(bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), frame.start(), bytes.length);
        frame.setInPort(1);
        FlowKey key = new FlowKey();
        assertEquals(null, FlowExtractor.extract(frame, key));
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        Verdict verdict = Translation.of(reader, blue.snapshot(), null);
        steps.clear();
        return DryRun.of(frame, verdict, new TraceText(steps::add));
    }

    private static byte[] ipv4Packet(int bytes, boolean dontFragment) {
        FrameBuilder packet = Frames.ipv4();
        return (dontFragment ? packet.dontFragment() : packet)
                .udp(1000, 2000)
                .payload(bytes - 28)
                .bytes();
    }

    @Test
    void whatFitsIsSent() {
        assertEquals(TUNNEL, dryRun(ipv4Packet(1_450, true)));
        assertEquals(List.of(), steps);
    }

    @Test
    void withDfTheSenderIsTold() {
        assertEquals("drop(too-big-icmp-sent)", dryRun(ipv4Packet(1_451, true)));
        assertEquals(TOO_LARGE + "its sender is told by ICMP \"fragmentation needed\", MTU 1450", steps.getFirst());
        assertEquals(2, steps.size());
    }

    @Test
    void ipv6IsNeverCut() {
        assertEquals(
                "drop(too-big-icmpv6-sent)",
                dryRun(Frames.udpv6().payload(1_451 - 48).bytes()));
        assertEquals(TOO_LARGE + "its sender is told by ICMPv6 \"packet too big\", MTU 1450", steps.getFirst());
    }

    @Test
    void withoutDfFragmentsAreCounted() {
        assertEquals("fragment(3)," + TUNNEL, dryRun(ipv4Packet(3_000, false)));
        assertEquals(List.of(TOO_LARGE + "without DF it is cut into 3 fragments"), steps);
    }

    @Test
    void aGroupIsToldNothing() {
        byte[] frame = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4(Frames.IP4_A, "10.0.0.255")
                .dontFragment()
                .udp(1, 2)
                .payload(1_451 - 28)
                .bytes();
        assertEquals("output:2,drop(too-big-silent)", dryRun(frame));
    }

    @Test
    void aSynSaysWhatBecomesOfItsMss() {
        dryRun(Frames.tcpv4().flags(TcpHeader.FLAG_SYN).mss(1_460).bytes());
        assertEquals(List.of("MSS 1460 becomes 1410, for an MTU of 1450"), steps);
        dryRun(Frames.tcpv4().flags(TcpHeader.FLAG_SYN).mss(1_400).bytes());
        assertEquals(List.of("MSS 1400 fits an MTU of 1450"), steps);
        dryRun(Frames.tcpv4().flags(TcpHeader.FLAG_ACK).bytes());
        assertEquals(List.of(), steps);
    }

    /** Carries a list out on a frame that keeps what is done to it. */
    private String dryRun(FrameBuilder builder, Action... list) {
        Frame frame = builder.frame();
        assertEquals(null, FlowExtractor.extract(frame, new FlowKey()));
        Verdict verdict = Verdict.of(list, null);
        steps.clear();
        return DryRun.of(frame, verdict, new TraceText(steps::add));
    }

    private static final Action.Tunnel TO_VTEP = new Action.Tunnel(
            TunnelKind.VXLAN,
            42,
            true,
            IpAddress.parse("192.0.2.2"),
            4_789,
            1_450,
            1_450,
            OuterTos.DEFAULT,
            0,
            new Credit(1, 0));

    @Test
    void whatIsPutBeforeThePacketCountsForItsSize() {
        Action push = new Action.PushMpls(EtherType.MPLS_UNICAST, MplsHeader.entryOf(16, 0, true, 64));
        FrameBuilder fits = Frames.ipv4().dontFragment().udp(1, 2).payload(1_450 - 28);
        assertEquals(TUNNEL, dryRun(fits, TO_VTEP));
        assertEquals(
                "push_mpls(label=16,tc=0,ttl=64,bos=1,eth_type=0x8847),drop(too-big-silent)",
                dryRun(fits, push, TO_VTEP));
        assertEquals(
                "trunc(1000),push_mpls(label=16,tc=0,ttl=64,bos=1,eth_type=0x8847)," + TUNNEL,
                dryRun(fits, new Action.Truncate(1_000), push, TO_VTEP));
    }

    @Test
    void aTtlThatIsUsedUpEndsTheWay() {
        Action output = new Action.Output(2);
        Action lower = new Action.LowerTtl(Action.TtlOf.IP, null);
        assertEquals("dec_ttl(le_1(drop)),output:2", dryRun(Frames.ipv4().ttl(2).udp(1, 2), lower, output));
        assertEquals(
                "dec_ttl(le_1(drop)),drop(ttl-expired)",
                dryRun(Frames.ipv4().ttl(2).udp(1, 2), lower, lower, output));
        Action.ToConductor tell = new Action.ToConductor(Action.ToConductor.Reason.INVALID_TTL, 7);
        assertEquals(
                "output:2,userspace(controller(reason=invalid_ttl,cookie=0x7))",
                dryRun(Frames.ipv4().ttl(1).udp(1, 2), output, new Action.LowerTtl(Action.TtlOf.IP, tell), output));
    }

    @Test
    void aSuperframeIsCutBeforeItGetsALabel() {
        Action push = new Action.PushMpls(EtherType.MPLS_UNICAST, MplsHeader.entryOf(16, 0, true, 64));
        FrameBuilder superframe = Superframe.ofIpv4(1_000, 3_500).offered();
        assertEquals(push + "," + TUNNEL, dryRun(superframe, push, TO_VTEP));
        assertEquals(List.of("the superframe is cut into 4 segments first"), steps);
    }

    @Test
    void aFailureEndsTheWay() {
        assertEquals(
                "pop_eth,pop_nsh(),drop(nsh-invalid)",
                dryRun(Frames.udpv4(), new Action.PopEthernet(), new Action.PopNsh(), new Action.Output(2)));
    }
}
