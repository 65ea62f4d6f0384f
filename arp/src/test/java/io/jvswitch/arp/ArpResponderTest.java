package io.jvswitch.arp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArpResponderTest {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";
    private static final long MAC_B = MacAddress.parse(B).bits();
    private static final NeighbourTable TABLE = NeighbourTable.of()
            .with(IpAddress.parse("10.0.0.10"), MacAddress.parse(A))
            .with(IpAddress.parse("10.0.0.11"), MacAddress.parse(B));

    /** The captures of {@code linux-arp.hex}. */
    private static final List<byte[]> LINUX = Hex.frames(ArpResponderTest.class, "linux-arp.hex");

    private static final NeighbourTable LINUX_TABLE = NeighbourTable.of()
            .with(IpAddress.parse("10.0.0.1"), MacAddress.parse("02:00:00:00:00:01"))
            .with(IpAddress.parse("10.0.0.2"), MacAddress.parse("02:00:00:00:00:fe"))
            .with(IpAddress.parse("10.0.0.163"), MacAddress.parse("02:00:00:00:00:01"));

    @ParameterizedTest(name = "{0}: {6}")
    @CsvSource(textBlock = """
            request for a known host,            1, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, ANSWER
            its cache's refresh,                 1, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, 02:00:00:00:00:0b, ANSWER
            refresh of an outdated entry,        1, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, 02:00:00:00:00:99, ANSWER
            request of an unknown host,          1, 02:00:00:00:00:99, 10.0.0.99, 10.0.0.11, ff:ff:ff:ff:ff:ff, ANSWER
            request for an unknown host,         1, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.99, ff:ff:ff:ff:ff:ff, FORWARD
            request for 0.0.0.0,                 1, 02:00:00:00:00:0a, 10.0.0.10, 0.0.0.0,   ff:ff:ff:ff:ff:ff, FORWARD
            probe for another's address,         1, 02:00:00:00:00:0a, 0.0.0.0,   10.0.0.11, ff:ff:ff:ff:ff:ff, ANSWER
            probe for a free address,            1, 02:00:00:00:00:0a, 0.0.0.0,   10.0.0.99, ff:ff:ff:ff:ff:ff, FORWARD
            probe for the own address,           1, 02:00:00:00:00:0b, 0.0.0.0,   10.0.0.11, ff:ff:ff:ff:ff:ff, SILENT
            the same to one station,             1, 02:00:00:00:00:0b, 0.0.0.0,   10.0.0.11, 02:00:00:00:00:0a, FORWARD
            request for a second own address,    1, 02:00:00:00:00:0b, 10.0.0.12, 10.0.0.11, ff:ff:ff:ff:ff:ff, SILENT
            announcement of the own address,     1, 02:00:00:00:00:0b, 10.0.0.11, 10.0.0.11, ff:ff:ff:ff:ff:ff, FORWARD
            announcement of another's address,   1, 02:00:00:00:00:0a, 10.0.0.11, 10.0.0.11, ff:ff:ff:ff:ff:ff, ANSWER
            announcement of a free address,      1, 02:00:00:00:00:0a, 10.0.0.99, 10.0.0.99, ff:ff:ff:ff:ff:ff, FORWARD
            sender is a group,                   1, 03:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, SILENT
            sender is nobody,                    1, 00:00:00:00:00:00, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, SILENT
            reply,                               2, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, 02:00:00:00:00:0b, FORWARD
            gratuitous reply,                    2, 02:00:00:00:00:0a, 10.0.0.11, 10.0.0.11, ff:ff:ff:ff:ff:ff, FORWARD
            reverse ARP request,                 3, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, FORWARD
            operation 0,                         0, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, FORWARD
            operation 65535,                 65535, 02:00:00:00:00:0a, 10.0.0.10, 10.0.0.11, ff:ff:ff:ff:ff:ff, FORWARD
            """)
    void decides(
            String what,
            int opcode,
            String senderMac,
            String senderIp,
            String targetIp,
            String ethDst,
            ResponderDecision decision) {
        assertEquals(
                decision,
                ArpResponder.decide(
                        opcode,
                        MacAddress.parse(senderMac).bits(),
                        IpAddress.parse(senderIp).ipv4(),
                        IpAddress.parse(targetIp).ipv4(),
                        MacAddress.parse(ethDst).bits(),
                        TABLE),
                what);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 3"})
    void answersWhatLinuxAnswered(int request, int reply) {
        Frame frame = arp(LINUX.get(request));
        assertEquals(ResponderDecision.ANSWER, decide(frame, LINUX_TABLE));
        ArpResponder.answer(frame, LINUX_TABLE.macOfIpv4(ArpPacket.targetIp(frame.segment(), frame.l3At())));
        assertArrayEquals(LINUX.get(reply), Hex.bytes(frame));
    }

    @Test
    void udhcpcMayKeepTheAddressThatItProbes() {
        assertEquals(ResponderDecision.SILENT, decide(arp(LINUX.get(4)), LINUX_TABLE));
    }

    @Test
    void probeIsAnsweredToTheProbersMacAndTheUnspecifiedAddress() {
        Frame frame = arp(Frames.arpRequest(A, "0.0.0.0", "10.0.0.11").bytes());
        ArpResponder.answer(frame, MAC_B);
        assertArrayEquals(Frames.arpReply(B, "10.0.0.11", A, "0.0.0.0").bytes(), Hex.bytes(frame));
    }

    @Test
    void tagsAndPriorityAreKept() {
        Frame frame = Frames.ethernet(A, Frames.MAC_BROADCAST)
                .vlan(0x88a8, VlanTag.tciOf(5, true, 100))
                .vlan(7)
                .arp(1, A, "10.0.0.10", "00:00:00:00:00:00", "10.0.0.11")
                .frame();
        frame.setLayers(frame.start() + 22, 0);
        ArpResponder.answer(frame, MAC_B);
        assertArrayEquals(
                Frames.ethernet(B, A)
                        .vlan(0x88a8, VlanTag.tciOf(5, true, 100))
                        .vlan(7)
                        .arp(2, B, "10.0.0.11", A, "10.0.0.10")
                        .bytes(),
                Hex.bytes(frame));
    }

    @ParameterizedTest
    @CsvSource({"42, 42", "43, 43", "60, 60", "61, 60", "1514, 60"})
    void paddingIsZeroedAndNeverLongerThanNeeded(int requestBytes, int replyBytes) {
        byte[] padded =
                Arrays.copyOf(Frames.arpRequest(A, "10.0.0.10", "10.0.0.11").bytes(), requestBytes);
        Arrays.fill(padded, 42, requestBytes, (byte) 0xee);
        Frame frame = arp(padded);
        ArpResponder.answer(frame, MAC_B);
        assertArrayEquals(
                Arrays.copyOf(Frames.arpReply(B, "10.0.0.11", A, "10.0.0.10").bytes(), replyBytes), Hex.bytes(frame));
    }

    @Test
    void frameGoesToTheStationThatSentItAndThePacketToTheSenderThatItNames() {
        Frame frame = arp(Frames.ethernet("02:00:00:00:00:77", Frames.MAC_BROADCAST)
                .arp(1, A, "10.0.0.10", "00:00:00:00:00:00", "10.0.0.11")
                .bytes());
        ArpResponder.answer(frame, MAC_B);
        assertArrayEquals(
                Frames.ethernet(B, "02:00:00:00:00:77")
                        .arp(2, B, "10.0.0.11", A, "10.0.0.10")
                        .bytes(),
                Hex.bytes(frame));
    }

    @Test
    void whatTheRequestsPortKnewOfOffloadsIsForgotten() {
        Frame frame = arp(Frames.arpRequest(A, "10.0.0.10", "10.0.0.11").bytes());
        frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + 20, 2);
        ArpResponder.answer(frame, MAC_B);
        assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
    }

    private static ResponderDecision decide(Frame frame, NeighbourTable table) {
        int at = frame.l3At();
        return ArpResponder.decide(
                ArpPacket.operation(frame.segment(), at),
                ArpPacket.senderMac(frame.segment(), at),
                ArpPacket.senderIp(frame.segment(), at),
                ArpPacket.targetIp(frame.segment(), at),
                EthernetHeader.destination(frame.segment(), frame.start()),
                table);
    }

    private static Frame arp(byte[] bytes) {
        Frame frame = Hex.frame(bytes, 0);
        frame.setLayers(frame.start() + EthernetHeader.BYTES, 0);
        assertEquals(null, ArpPacket.check(frame.segment(), frame.l3At(), frame.end() - frame.l3At()));
        return frame;
    }
}
