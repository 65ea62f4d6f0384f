package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams between two Linux hosts. */
final class UdpSocketIT {

    private static final int VXLAN_PORT = 4789;
    private static final int OTHER_PORT = 4790;
    private static final IpAddress ANY_V4 = IpAddress.parse("0.0.0.0");
    private static final IpAddress ANY_V6 = IpAddress.parse("::");

    private Lab lab = new Lab();
    private Underlay underlay;

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @BeforeEach
    void connect() throws NativeException {
        underlay = new Underlay(lab);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private UdpSocket open(UnderlayOptions options) throws NativeException {
        return lab.keep(UdpSocket.open(options));
    }

    /** Sockets that share a port do so with nobody else, whoever comes first; what arrives goes to them alone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSharedPortIsKeptToOneProcess(boolean ipv4) throws NativeException {
        IpAddress left = Underlay.left(!ipv4);
        UnderlayOptions at = underlay.onLeft(left, VXLAN_PORT);
        UnderlayOptions sharing = at.withReusePort(true);
        try (UdpSocket stranger = UdpSocket.open(sharing)) {
            assertTrue(stranger.fd() >= 0);
            NativeException taken = assertThrows(NativeException.class, () -> PortGuard.open(at));
            assertEquals(Errno.EADDRINUSE, taken.errno());
            assertTrue(taken.toString().contains("another socket has UDP port 4789"), taken.toString());
        }
        PortGuard guard = lab.keep(PortGuard.open(at));
        List<UdpSocket> ours = List.of(open(sharing), open(sharing));
        guard.shut();
        IpAddress any = ipv4 ? ANY_V4 : ANY_V6;
        for (UnderlayOptions other :
                List.of(sharing, at, underlay.onLeft(any, VXLAN_PORT).withReusePort(true))) {
            NativeException taken = assertThrows(NativeException.class, () -> UdpSocket.open(other));
            assertEquals(Errno.EADDRINUSE, taken.errno(), other.toString());
        }
        assertThrows(NativeException.class, () -> PortGuard.open(at));
        int count = 0;
        for (int i = 0; i < 64; i++) {
            UdpSocket far = open(underlay.onRight(Underlay.right(!ipv4), 0));
            lab.send(far, datagrams(1, 100, left, VXLAN_PORT));
            count++;
        }
        int[] received = {0, 0};
        int sent = count;
        Await.until(sent + " datagrams", Lab.PATIENCE, () -> received[0] + " and " + received[1], () -> {
            for (int i = 0; i < 2; i++) {
                FrameBatch batch = lab.receiveNow(ours.get(i), frame -> true);
                received[i] += batch.size();
                batch.releaseAll(lab.pool);
            }
            return received[0] + received[1] == sent;
        });
        assertTrue(received[0] > 0 && received[1] > 0, received[0] + " and " + received[1]);
    }

    private FrameBatch datagrams(int count, int bytes, IpAddress to, int port) {
        FrameBatch batch = new FrameBatch(count);
        for (int i = 0; i < count; i++) {
            Frame frame = Packets.payload(lab.frame(), bytes, i);
            frame.setRemote(to.hi(), to.lo(), port);
            batch.add(frame);
        }
        return batch;
    }

    private static IpAddress remote(Frame frame) {
        return new IpAddress(frame.remoteHi(), frame.remoteLo());
    }

    private static IpAddress local(Frame frame) {
        return new IpAddress(frame.localHi(), frame.localLo());
    }

    private static void failure(Executable attempt, String... words) {
        String message =
                String.valueOf(assertThrows(NativeException.class, attempt).getMessage());
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void burstsArriveWholeInOrderAndSayWhereTheyAreFrom(boolean v6) throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        assertEquals(VXLAN_PORT, receiver.localPort());
        assertNotEquals(0, sender.localPort());
        lab.send(sender, datagrams(150, 1400, Underlay.right(v6), VXLAN_PORT));
        FrameBatch received = lab.receive(receiver, 150, frame -> true);
        for (int i = 0; i < 150; i++) {
            Frame frame = received.get(i);
            Packets.checkPayload(frame, 1400, i);
            assertEquals(Frame.HEADROOM_BYTES, frame.start());
            assertEquals(Underlay.left(v6), remote(frame));
            assertEquals(sender.localPort(), frame.remotePort());
            assertEquals(Underlay.right(v6), local(frame));
            assertEquals(Frame.GSO_NONE, frame.gsoType());
        }
        assertEquals(0, receiver.receive(lab.pool, new FrameBatch(1)), "nothing more, and it does not block");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSocketOnAnyAddressSaysWhichItWasAndAnswersFromThere(boolean v6) throws NativeException {
        IpAddress second = IpAddress.parse(v6 ? "2001:db8::22" : "192.0.2.22");
        underlay.right.run(
                v6
                        ? new String[] {"ip", "address", "add", second + "/64", "dev", "wire0", "nodad"}
                        : new String[] {"ip", "address", "add", second + "/24", "dev", "wire0"});
        UdpSocket left = open(underlay.onLeft(Underlay.left(v6), VXLAN_PORT));
        UdpSocket right = open(underlay.onRight(v6 ? ANY_V6 : ANY_V4, VXLAN_PORT));
        IpAddress[] ours = {Underlay.right(v6), second};
        FrameBatch batch = datagrams(2, 100, ours[0], VXLAN_PORT);
        batch.get(1).setRemote(second.hi(), second.lo(), VXLAN_PORT);
        lab.send(left, batch);
        FrameBatch arrived = lab.receive(right, 2, frame -> true);
        for (int i = 0; i < 2; i++) {
            assertEquals(ours[i], local(arrived.get(i)));
        }
        Frame unspecific = Packets.payload(lab.frame(), 100, 1);
        unspecific.setRemote(Underlay.left(v6).hi(), Underlay.left(v6).lo(), VXLAN_PORT);
        FrameBatch answer = new FrameBatch(3);
        answer.add(arrived.get(0));
        answer.add(arrived.get(1));
        answer.add(unspecific);
        lab.send(right, answer);
        FrameBatch answers = lab.receive(left, 3, frame -> true);
        assertEquals(ours[0], remote(answers.get(0)), "the frame's local address is the outer source");
        assertEquals(ours[1], remote(answers.get(1)));
        assertTrue(List.of(ours).contains(remote(answers.get(2))), "without one the kernel chooses");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDatagramTooBigForTheMtuStopsTheBurstAndTheRestGoes(boolean v6) throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        FrameBatch batch = datagrams(5, 1000, Underlay.right(v6), VXLAN_PORT);
        Packets.payload(batch.get(2), 1473, 2);
        assertEquals(2, sender.transmit(batch, 0));
        assertEquals(DropReason.TX_TOO_BIG, sender.transmitFailure());
        assertEquals(2, sender.transmit(batch, 3));
        assertNull(sender.transmitFailure());
        FrameBatch received = lab.receive(receiver, 4, frame -> true);
        for (int i = 0; i < 4; i++) {
            Packets.checkPayload(received.get(i), 1000, i < 2 ? i : i + 1);
        }
    }

    @Test
    void theLargestDatagramOfTheMtuGoes() throws NativeException {
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        lab.send(sender, datagrams(1, 1500 - 28, Underlay.RIGHT_V4, VXLAN_PORT));
        Packets.checkPayload(lab.receive(receiver, 1, frame -> true).get(0), 1472, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutDfLargeDatagramsAreFragmentedAndPutTogether(boolean v6) throws NativeException {
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        assertTrue(receiver.enableCoalescing());
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0).withDontFragment(false));
        lab.send(sender, datagrams(1, 4000, Underlay.right(v6), VXLAN_PORT));
        Packets.checkPayload(lab.receive(receiver, 1, frame -> true).get(0), 4000, 0);
    }

    @Test
    void whereThereIsNoRouteTheFrameIsUnreachableAndTheRestGoes() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        FrameBatch batch = datagrams(4, 1000, Underlay.RIGHT_V4, VXLAN_PORT);
        IpAddress nowhere = IpAddress.parse("203.0.113.9");
        batch.get(1).setRemote(nowhere.hi(), nowhere.lo(), VXLAN_PORT);
        batch.get(2).setRemote(Underlay.RIGHT_V6.hi(), Underlay.RIGHT_V6.lo(), VXLAN_PORT);
        assertEquals(1, sender.transmit(batch, 0));
        assertEquals(DropReason.TX_UNREACHABLE, sender.transmitFailure());
        assertEquals(0, sender.transmit(batch, 2), "an IPv6 address, on an IPv4 socket");
        assertEquals(DropReason.TX_UNREACHABLE, sender.transmitFailure());
        assertEquals(1, sender.transmit(batch, 3));
        lab.receive(receiver, 2, frame -> true);
    }

    @Test
    void aRemoteThatRefusesCostsTheOthersNothing() throws NativeException {
        UdpSocket socket = open(underlay.onLeft(Underlay.LEFT_V4, VXLAN_PORT));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        for (int round = 0; round < 20; round++) {
            // Nobody listens there: port unreachable comes back, into this same socket.
            lab.send(socket, datagrams(1, 100, Underlay.RIGHT_V4, OTHER_PORT));
            lab.send(socket, datagrams(10, 100, Underlay.RIGHT_V4, VXLAN_PORT));
            lab.send(receiver, datagrams(10, 100, Underlay.LEFT_V4, VXLAN_PORT));
            lab.receive(receiver, 10, frame -> true).releaseAll(lab.pool);
            lab.receive(socket, 10, frame -> true).releaseAll(lab.pool);
        }
        assertEquals(0, socket.takeReceiveDrops());
        assertEquals(lab.pool.size(), lab.pool.free());
    }

    @Test
    void theUnderlayGoingDownIsAReasonAndComingBackIsEnough() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        underlay.left.run("ip", "link", "set", "wire0", "down");
        FrameBatch batch = datagrams(1, 100, Underlay.RIGHT_V4, VXLAN_PORT);
        assertEquals(0, sender.transmit(batch, 0));
        assertEquals(DropReason.TX_UNREACHABLE, sender.transmitFailure());
        assertEquals(0, sender.receive(lab.pool, new FrameBatch(1)));
        underlay.left.run("ip", "link", "set", "wire0", "up");
        lab.send(sender, batch);
        lab.receive(receiver, 1, frame -> true);
    }

    @Test
    void aPortThatIsTakenSaysWhoMayHoldIt() throws NativeException {
        open(underlay.onLeft(Underlay.LEFT_V4, VXLAN_PORT));
        failure(
                () -> open(underlay.onLeft(Underlay.LEFT_V4, VXLAN_PORT)),
                "UDP socket 192.0.2.1:4789: bind failed with EADDRINUSE",
                "Open vSwitch",
                "type vxlan",
                "sport = :4789");
        failure(() -> open(underlay.onLeft(ANY_V4, VXLAN_PORT)), "0.0.0.0:4789", "EADDRINUSE");
    }

    @Test
    void anAddressThatIsNotOursNamesTheConfigurationKey() {
        failure(
                () -> open(underlay.onLeft(Underlay.RIGHT_V4, VXLAN_PORT)),
                "EADDRNOTAVAIL",
                "192.0.2.2",
                "underlay.local-ip");
        failure(
                () -> open(underlay.onLeft(Underlay.RIGHT_V6, VXLAN_PORT)),
                "UDP socket [2001:db8::2]:4789",
                "underlay.local-ip");
        failure(() -> open(underlay.onLeft(IpAddress.parse("fe80::1"), VXLAN_PORT)), "link-local");
    }

    @Test
    void socketsShareAPortWhenAllAgree() throws NativeException {
        UdpSocket first = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT).withReusePort(true));
        UdpSocket second = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT).withReusePort(true));
        for (int i = 0; i < 40; i++) {
            UdpSocket sender = UdpSocket.open(underlay.onLeft(Underlay.LEFT_V4, 0));
            try (sender) {
                lab.send(sender, datagrams(1, 100, Underlay.RIGHT_V4, VXLAN_PORT));
            }
        }
        int[] counts = new int[2];
        Await.until("40 datagrams on two sockets", Lab.PATIENCE, () -> {
            counts[0] += lab.receiveNow(first, frame -> true).size();
            counts[1] += lab.receiveNow(second, frame -> true).size();
            return counts[0] + counts[1] == 40;
        });
        assertTrue(counts[0] > 0 && counts[1] > 0, counts[0] + " and " + counts[1]);
    }

    @Test
    void whatTheKernelDropsIsCounted() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver =
                open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT).withBuffers(1, 100_000));
        assertEquals(0, receiver.kernelDrops());
        lab.send(sender, datagrams(100, 1000, Underlay.RIGHT_V4, VXLAN_PORT));
        Await.until("drops", Lab.PATIENCE, () -> {
            try {
                return receiver.kernelDrops() > 0;
            } catch (NativeException e) {
                throw new AssertionError(e);
            }
        });
        int kept = lab.receiveNow(receiver, frame -> true).size();
        assertEquals(100, kept + receiver.kernelDrops());
    }

    @Test
    void buffersAreAsLargeAsAskedForWhenWeMay() throws NativeException {
        UdpSocket socket = open(underlay.onLeft(Underlay.LEFT_V4, 0).withBuffers(9_000_000, 7_000_000));
        assertEquals(18_000_000, socket.receiveBufferBytes());
        assertEquals(14_000_000, socket.sendBufferBytes());
    }

    @Test
    void theOuterHeaderIsAsAskedFor() throws NativeException {
        RawIpSocket judge = lab.keep(RawIpSocket.open(underlay.onRight(Underlay.RIGHT_V4, 0), IpProtocol.UDP));
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        sender.setHopLimit(17);
        FrameBatch batch = datagrams(1, 100, Underlay.RIGHT_V4, VXLAN_PORT);
        batch.get(0).setOuterTrafficClass(0xb8);
        lab.send(sender, batch);
        Frame packet = lab.receive(judge, 1, frame -> true).get(0);
        int ipAt = packet.start() - Ipv4Header.BYTES;
        assertEquals(0xb8, Ipv4Header.tos(packet.segment(), ipAt));
        assertEquals(17, Ipv4Header.ttl(packet.segment(), ipAt));
        assertTrue(Ipv4Header.dontFragment(packet.segment(), ipAt));
        assertEquals(sender.localPort(), UdpHeader.sourcePort(packet.segment(), packet.start()));
        assertNotEquals(0, UdpHeader.checksum(packet.segment(), packet.start()));
    }

    /** Of every datagram its own, whatever is sent in one go, and on a socket of any address, too. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void theTrafficClassArrivesAsItWasSent(boolean v6, boolean any) throws NativeException {
        IpAddress at = any ? v6 ? ANY_V6 : ANY_V4 : Underlay.right(v6);
        UdpSocket receiver = open(underlay.onRight(at, VXLAN_PORT));
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        assertTrue(sender.enableSegmentation());
        FrameBatch batch = datagrams(256, 100, Underlay.right(v6), VXLAN_PORT);
        for (int i = 0; i < 256; i++) {
            batch.get(i).setOuterTrafficClass(i);
        }
        lab.send(sender, batch);
        FrameBatch received = lab.receive(receiver, 256, frame -> true);
        for (int i = 0; i < 256; i++) {
            Packets.checkPayload(received.get(i), 100, i);
            assertEquals(i, received.get(i).outerTrafficClass());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void theHopsArriveAsTheyWereSent(boolean v6, boolean any) throws NativeException {
        IpAddress at = any ? v6 ? ANY_V6 : ANY_V4 : Underlay.right(v6);
        UdpSocket receiver = open(underlay.onRight(at, VXLAN_PORT));
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        for (int hops : new int[] {1, 17, 255}) {
            sender.setHopLimit(hops);
            lab.send(sender, datagrams(3, 100, Underlay.right(v6), VXLAN_PORT));
            FrameBatch received = lab.receive(receiver, 3, frame -> true);
            for (int i = 0; i < 3; i++) {
                assertEquals(hops, received.get(i).outerHops());
            }
        }
    }

    /** A train has one outer header: what is to have another does not travel in it, there and back. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTrainHasOneTrafficClass(boolean v6) throws NativeException {
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        assertTrue(sender.enableSegmentation());
        assertTrue(receiver.enableCoalescing());
        FrameBatch batch = datagrams(60, 1000, Underlay.right(v6), VXLAN_PORT);
        for (int i = 0; i < 60; i++) {
            batch.get(i).setOuterTrafficClass(i < 20 ? 2 : i < 30 ? 3 : i < 31 ? 0 : 0xb8);
        }
        lab.send(sender, batch);
        FrameBatch received = lab.receive(receiver, 4, frame -> true);
        int[] classes = {2, 3, 0, 0xb8};
        int[] counts = {20, 10, 1, 29};
        for (int i = 0; i < 4; i++) {
            assertEquals(classes[i], received.get(i).outerTrafficClass());
            assertEquals(1000 * counts[i], received.get(i).length());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChecksumOfZeroIsSentWhenToldAndAlwaysAccepted(boolean v6) throws NativeException {
        RawIpSocket judge = lab.keep(RawIpSocket.open(underlay.onRight(Underlay.right(v6), 0), IpProtocol.UDP));
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        sender.setChecksum(false);
        lab.send(sender, datagrams(1, 100, Underlay.right(v6), VXLAN_PORT));
        Frame packet = lab.receive(judge, 1, frame -> true).get(0);
        assertEquals(0, UdpHeader.checksum(packet.segment(), packet.start()));
        Packets.checkPayload(lab.receive(receiver, 1, frame -> true).get(0), 100, 0);

        sender.setChecksum(true);
        lab.send(sender, datagrams(1, 100, Underlay.right(v6), VXLAN_PORT));
        packet = lab.receive(judge, 1, frame -> true).get(0);
        assertNotEquals(0, UdpHeader.checksum(packet.segment(), packet.start()));
        lab.receive(receiver, 1, frame -> true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalDatagramsLeaveTogetherAndArriveAsTheyWere(boolean v6) throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.left(v6), 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        UdpSocket other = open(underlay.onRight(Underlay.right(v6), OTHER_PORT));
        assertTrue(sender.enableSegmentation());
        FrameBatch batch = datagrams(150, 1000, Underlay.right(v6), VXLAN_PORT);
        for (int i = 0; i < 150; i++) {
            Frame frame = batch.get(i);
            Packets.payload(frame, length(i), i);
            if (i == 77) {
                frame.setRemote(frame.remoteHi(), frame.remoteLo(), OTHER_PORT);
            }
        }
        lab.send(sender, batch);
        FrameBatch received = lab.receive(receiver, 149, frame -> true);
        for (int i = 0; i < 149; i++) {
            int number = i < 77 ? i : i + 1;
            Packets.checkPayload(received.get(i), length(number), number);
        }
        Packets.checkPayload(lab.receive(other, 1, frame -> true).get(0), 1000, 77);
    }

    /** Runs of equal lengths that end with shorter ones, and lone ones. */
    private static int length(int number) {
        return number % 40 == 39 ? 500 : number % 40 == 20 ? 1200 : 1000;
    }

    @Test
    void togetherTooBigForTheMtuIsTheFirstOnesFailure() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        assertTrue(sender.enableSegmentation());
        FrameBatch batch = datagrams(6, 1000, Underlay.RIGHT_V4, VXLAN_PORT);
        Packets.payload(batch.get(1), 1473, 1);
        Packets.payload(batch.get(2), 1473, 2);
        assertEquals(1, sender.transmit(batch, 0));
        assertEquals(DropReason.TX_TOO_BIG, sender.transmitFailure());
        assertEquals(0, sender.transmit(batch, 2));
        assertEquals(DropReason.TX_TOO_BIG, sender.transmitFailure());
        assertEquals(3, sender.transmit(batch, 3));
        lab.receive(receiver, 4, frame -> true);
    }

    @Test
    void oneFrameOfManyDatagramsIsCutByTheKernel() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        Frame frame = Packets.payload(lab.frame(), 44 * 1472 + 100, 3);
        frame.setRemote(Underlay.RIGHT_V4.hi(), Underlay.RIGHT_V4.lo(), VXLAN_PORT);
        frame.setGso(Frame.GSO_UDP_L4, 1472, 0);
        FrameBatch batch = new FrameBatch(1);
        batch.add(frame);
        lab.send(sender, batch);
        FrameBatch received = lab.receive(receiver, 45, each -> true);
        int at = 4;
        for (int i = 0; i < 45; i++) {
            Frame each = received.get(i);
            assertEquals(i < 44 ? 1472 : 100, each.length());
            for (int b = i == 0 ? 4 : 0; b < each.length(); b++) {
                assertEquals(3 * 31 + at & 0xff, NetworkOrder.getU8(each.segment(), (long) each.start() + b));
                at++;
            }
        }
    }

    /**
     * UDP GSO needs checksums: without them the kernel refuses what was put together, as on routes that cannot segment.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheKernelCannotSegmentGoesOneByOne(boolean v6) throws NativeException {
        UdpSocket sender = open(underlay.onLeft(v6 ? ANY_V6 : ANY_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.right(v6), VXLAN_PORT));
        assertTrue(sender.enableSegmentation());
        sender.setChecksum(false);
        FrameBatch batch = datagrams(10, 1000, Underlay.right(v6), VXLAN_PORT);
        Packets.payload(batch.get(9), 500, 9);
        IpAddress from = Underlay.left(v6);
        for (int i = 0; i < 10; i++) {
            batch.get(i).setLocal(from.hi(), from.lo());
        }
        lab.send(sender, batch);
        FrameBatch received = lab.receive(receiver, 10, each -> true);
        for (int i = 0; i < 10; i++) {
            Packets.checkPayload(received.get(i), i < 9 ? 1000 : 500, i);
        }

        Frame many = Packets.payload(lab.frame(), 2500, 11);
        many.setRemote(Underlay.right(v6).hi(), Underlay.right(v6).lo(), VXLAN_PORT);
        many.setGso(Frame.GSO_UDP_L4, 1000, 0);
        batch.add(many);
        lab.send(sender, batch);
        FrameBatch pieces = lab.receive(receiver, 3, each -> true);
        assertEquals(1000, pieces.get(0).length());
        assertEquals(1000, pieces.get(1).length());
        assertEquals(500, pieces.get(2).length());
        assertEquals(
                11 * 31 + 2000 & 0xff,
                NetworkOrder.getU8(pieces.get(2).segment(), pieces.get(2).start()));
    }

    @Test
    void mergedDatagramsArriveAsOneFrameWithTheirSize() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        assertTrue(sender.enableSegmentation());
        assertTrue(receiver.enableCoalescing());
        lab.send(sender, datagrams(40, 1000, Underlay.RIGHT_V4, VXLAN_PORT));
        FrameBatch received = new FrameBatch(64);
        int[] datagrams = new int[1];
        Await.until("40 datagrams", Lab.PATIENCE, () -> {
            int before = received.size();
            receiver.receive(lab.pool, received);
            for (int i = before; i < received.size(); i++) {
                Frame frame = received.get(i);
                assertEquals(0, frame.length() % 1000);
                if (frame.length() > 1000) {
                    assertEquals(Frame.GSO_UDP_L4, frame.gsoType());
                    assertEquals(1000, frame.gsoSizeBytes());
                }
                for (int at = 0; at < frame.length(); at += 1000) {
                    Packets.check(frame.segment(), (long) frame.start() + at, 1000, datagrams[0]++);
                }
            }
            return datagrams[0] == 40;
        });
        assertTrue(received.size() < 40, "a veth hands superframes on whole");
    }

    @Test
    void aDatagramLongerThanABufferIsCounted() throws NativeException {
        UdpSocket sender = open(underlay.onLeft(Underlay.LEFT_V4, 0).withDontFragment(false));
        UdpSocket receiver = open(underlay.onRight(Underlay.RIGHT_V4, VXLAN_PORT));
        try (FramePool small = new FramePool(16, 2048)) {
            FrameBatch batch = datagrams(3, 1000, Underlay.RIGHT_V4, VXLAN_PORT);
            int room = 2048 - Frame.HEADROOM_BYTES;
            Packets.payload(batch.get(0), room, 0);
            Packets.payload(batch.get(1), room + 1, 1);
            lab.send(sender, batch);
            FrameBatch received = new FrameBatch(16);
            Await.until("2 datagrams", Lab.PATIENCE, () -> {
                receiver.receive(small, received);
                return received.size() == 2;
            });
            Packets.checkPayload(received.get(0), room, 0);
            Packets.checkPayload(received.get(1), 1000, 2);
            assertEquals(1, receiver.takeReceiveDrops());
            assertEquals(DropReason.RX_TOO_LONG, receiver.receiveFailure());
            received.releaseAll(small);
            assertEquals(16, small.free());
        }
    }

    @Test
    void aClosedSocketIsGone() throws NativeException {
        UdpSocket socket = open(underlay.onLeft(Underlay.LEFT_V4, VXLAN_PORT));
        socket.close();
        socket.close();
        assertEquals(-1, socket.fd());
        assertEquals(PortQueue.GONE, socket.receive(lab.pool, new FrameBatch(1)));
        FrameBatch batch = datagrams(1, 100, Underlay.RIGHT_V4, VXLAN_PORT);
        assertEquals(0, socket.transmit(batch, 0));
        assertEquals(DropReason.TX_DEVICE_GONE, socket.transmitFailure());
        failure(socket::kernelDrops, "EBADF");
        assertFalse(socket.enableCoalescing());
        open(underlay.onLeft(Underlay.LEFT_V4, VXLAN_PORT));
    }
}
