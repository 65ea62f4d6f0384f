package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames between a TAP's queues and the Linux host that owns the device. */
final class TapQueueIT {

    private static final IpAddress OWNER = IpAddress.parse("192.0.2.1");
    private static final IpAddress REMOTE = IpAddress.parse("192.0.2.2");
    private static final MacAddress OWNER_MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress REMOTE_MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final int PORT = 5000;
    private static final int ALL_OFFLOADS = TapDevice.OFFLOAD_CHECKSUM
            | TapDevice.OFFLOAD_TSO4
            | TapDevice.OFFLOAD_TSO6
            | TapDevice.OFFLOAD_USO4
            | TapDevice.OFFLOAD_USO6;

    private Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** A host whose eth0 is our TAP; it knows the remote's MAC address, so that it need not ask. */
    private Netns owner(TapDevice tap) throws NativeException {
        Netns host = lab.quietHost("owner");
        tap.moveTo(lab.enter(host), "eth0");
        tap.setMac(OWNER_MAC);
        tap.setUp(true);
        host.run("ip", "address", "add", OWNER + "/24", "dev", "eth0");
        host.run("ip", "neigh", "add", REMOTE.toString(), "lladdr", REMOTE_MAC.toString(), "dev", "eth0");
        return host;
    }

    private UdpSocket program(Netns owner, int port) throws NativeException {
        return lab.keep(UdpSocket.open(UnderlayOptions.at(OWNER, port).withNamespace(lab.enter(owner))));
    }

    private TapDevice tap(TapOptions options) throws NativeException {
        return lab.keep(TapDevice.open(options.withNamespace(lab.enter(lab.quietHost("switch")))));
    }

    private FrameBatch datagrams(int count, int bytes) {
        FrameBatch batch = new FrameBatch(count);
        for (int i = 0; i < count; i++) {
            Frame frame = Packets.payload(lab.frame(), bytes, i);
            frame.setRemote(REMOTE.hi(), REMOTE.lo(), PORT);
            batch.add(frame);
        }
        return batch;
    }

    @ParameterizedTest
    @CsvSource({"0", "10", "12"})
    void whatTheOwnerSendsArrivesWholeAndInOrder(int headerBytes) throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withVnetHeaderBytes(headerBytes));
        UdpSocket program = program(owner(tap), PORT);
        for (int round = 0; round < 3; round++) {
            lab.send(program, datagrams(150, 1000));
            FrameBatch frames = lab.receive(tap.queue(0), 150, frame -> Packets.isUdp4(frame, PORT));
            for (int i = 0; i < frames.size(); i++) {
                Frame frame = frames.get(i);
                Packets.checkUdp4(frame, 1000, i);
                assertEquals(Frame.HEADROOM_BYTES, frame.start());
                assertEquals(REMOTE_MAC.bits(), EthernetHeader.destination(frame.segment(), frame.start()));
                assertEquals(OWNER_MAC.bits(), EthernetHeader.source(frame.segment(), frame.start()));
                assertEquals(Frame.GSO_NONE, frame.gsoType());
                assertEquals(Frame.CSUM_UNKNOWN, frame.checksumState());
                int ipAt = frame.start() + EthernetHeader.BYTES;
                int udpAt = ipAt + Ipv4Header.BYTES;
                assertTrue(
                        Checksum.transportIsValid(frame.segment(), ipAt, IpProtocol.UDP, udpAt, UdpHeader.BYTES + 1000),
                        "without the offload the kernel completes checksums");
            }
            frames.releaseAll(lab.pool);
        }
        assertEquals(lab.pool.size(), lab.pool.free());
        assertEquals(0, tap.queue(0).receive(lab.pool, new FrameBatch(8)), "nothing more, and it does not block");
    }

    /** Wherever the device is, and whatever it is called now. */
    @Test
    void whatTheQueueHasNoRoomForIsCounted() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        assertEquals(0, tap.kernelDrops());
        Netns owner = owner(tap);
        owner.run("ip", "link", "set", "eth0", "txqueuelen", "100");
        UdpSocket program = program(owner, PORT);
        lab.send(program, datagrams(150, 100));
        Await.until("50 dropped", Lab.PATIENCE, () -> {
            try {
                return tap.kernelDrops() == 50;
            } catch (NativeException e) {
                throw new AssertionError(e);
            }
        });
        lab.receive(tap.queue(0), 100, frame -> Packets.isUdp4(frame, PORT)).releaseAll(lab.pool);
        lab.send(program, datagrams(50, 100));
        lab.receive(tap.queue(0), 50, frame -> Packets.isUdp4(frame, PORT)).releaseAll(lab.pool);
        assertEquals(50, tap.kernelDrops());
    }

    @ParameterizedTest
    @CsvSource({"0", "10", "12"})
    void whatIsTransmittedTheOwnerReceives(int headerBytes) throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withVnetHeaderBytes(headerBytes));
        UdpSocket program = program(owner(tap), PORT);
        FrameBatch batch = new FrameBatch(150);
        for (int i = 0; i < 150; i++) {
            batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, i));
        }
        lab.send(tap.queue(0), batch);
        FrameBatch received = lab.receive(program, 150, frame -> true);
        for (int i = 0; i < 150; i++) {
            Packets.checkPayload(received.get(i), 600, i);
            assertEquals(
                    REMOTE,
                    new IpAddress(received.get(i).remoteHi(), received.get(i).remoteLo()));
        }
    }

    @Test
    void aPartialChecksumIsLeftToUsWhenWeOfferTo() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withOffloads(TapDevice.OFFLOAD_CHECKSUM));
        UdpSocket program = program(owner(tap), PORT);
        lab.send(program, datagrams(1, 1000));
        Frame frame =
                lab.receive(tap.queue(0), 1, each -> Packets.isUdp4(each, PORT)).get(0);
        assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
        assertEquals(frame.start() + EthernetHeader.BYTES + Ipv4Header.BYTES, frame.checksumStart());
        assertEquals(UdpHeader.CHECKSUM_OFFSET, frame.checksumOffset());
        assertNull(Checksum.complete(frame));
        int ipAt = frame.start() + EthernetHeader.BYTES;
        assertTrue(Checksum.transportIsValid(
                frame.segment(), ipAt, IpProtocol.UDP, ipAt + Ipv4Header.BYTES, UdpHeader.BYTES + 1000));
    }

    @Test
    void aSuperframeArrivesAsOneWhenWeOfferTo() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withOffloads(ALL_OFFLOADS));
        assertEquals(ALL_OFFLOADS, tap.offloads(), "this kernel is younger than 6.2");
        UdpSocket program = program(owner(tap), PORT);
        Frame sent = Packets.payload(lab.frame(), 10_000, 7);
        sent.setRemote(REMOTE.hi(), REMOTE.lo(), PORT);
        sent.setGso(Frame.GSO_UDP_L4, 1000, 0);
        FrameBatch batch = new FrameBatch(1);
        batch.add(sent);
        lab.send(program, batch);
        Frame frame =
                lab.receive(tap.queue(0), 1, each -> Packets.isUdp4(each, PORT)).get(0);
        Packets.checkUdp4(frame, 10_000, 7);
        assertEquals(Frame.GSO_UDP_L4, frame.gsoType());
        assertEquals(1000, frame.gsoSizeBytes());
        assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
    }

    @Test
    void aSuperframeThatIsTransmittedIsCutByTheKernel() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        UdpSocket program = program(owner(tap), PORT);
        Frame frame = Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 10_500, 9);
        int ipAt = frame.start() + EthernetHeader.BYTES;
        int udpAt = ipAt + Ipv4Header.BYTES;
        Checksum.setPartial(frame, ipAt, IpProtocol.UDP, udpAt, UdpHeader.BYTES + 10_500);
        frame.setGso(Frame.GSO_UDP_L4, 1000, Packets.UDP4_HEADERS);
        FrameBatch batch = new FrameBatch(1);
        batch.add(frame);
        lab.send(tap.queue(0), batch);
        FrameBatch received = lab.receive(program, 11, each -> true);
        int at = 0;
        for (int i = 0; i < 11; i++) {
            Frame datagram = received.get(i);
            assertEquals(i < 10 ? 1000 : 500, datagram.length());
            for (int b = i == 0 ? 4 : 0; b < datagram.length(); b++) {
                assertEquals(
                        9 * 31 + at + b & 0xff, NetworkOrder.getU8(datagram.segment(), (long) datagram.start() + b));
            }
            at += datagram.length();
        }
    }

    @Test
    void withoutAHeaderAnOffloadIsRefusedAndTheNextFrameGoes() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withVnetHeaderBytes(0));
        UdpSocket program = program(owner(tap), PORT);
        FrameBatch batch = new FrameBatch(3);
        for (int i = 0; i < 3; i++) {
            batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, i));
        }
        batch.get(1).setChecksum(Frame.CSUM_PARTIAL, batch.get(1).start() + 34, 6);
        assertEquals(1, tap.queue(0).transmit(batch, 0));
        assertEquals(DropReason.OFFLOAD_INVALID, tap.queue(0).transmitFailure());
        assertEquals(1, tap.queue(0).transmit(batch, 2));
        assertNull(tap.queue(0).transmitFailure());
        FrameBatch received = lab.receive(program, 2, each -> true);
        Packets.checkPayload(received.get(0), 600, 0);
        Packets.checkPayload(received.get(1), 600, 2);
    }

    @Test
    void aFrameTooShortForEthernetIsRefusedByTheKernelAndTheNextGoes() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        UdpSocket program = program(owner(tap), PORT);
        FrameBatch batch = new FrameBatch(2);
        batch.add(Packets.payload(lab.frame(), 13, 0));
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, 1));
        assertEquals(0, tap.queue(0).transmit(batch, 0));
        assertEquals(DropReason.TX_REFUSED, tap.queue(0).transmitFailure());
        assertEquals("write: EINVAL (Invalid argument)", tap.queue(0).transmitError());
        assertEquals(1, tap.queue(0).transmit(batch, 1));
        Packets.checkPayload(lab.receive(program, 1, each -> true).get(0), 600, 1);
    }

    @Test
    void aFrameLongerThanABufferIsCountedAndTheNextArrives() throws NativeException {
        lab.close();
        lab = new Lab(FramePool.JUMBO_BUFFER_BYTES);
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        Netns owner = owner(tap);
        tap.setMtu(20_000);
        UdpSocket program = program(owner, PORT);
        try (FramePool large = new FramePool(2, FramePool.SUPERFRAME_BUFFER_BYTES)) {
            FrameBatch batch = new FrameBatch(1);
            Frame frame = java.util.Objects.requireNonNull(large.take());
            Packets.payload(frame, 15_000, 0).setRemote(REMOTE.hi(), REMOTE.lo(), PORT);
            batch.add(frame);
            assertEquals(1, program.transmit(batch, 0));
            batch.releaseAll(large);
        }
        lab.send(program, datagrams(1, 1000));
        Packets.checkUdp4(
                lab.receive(tap.queue(0), 1, each -> Packets.isUdp4(each, PORT)).get(0), 1000, 0);
        assertEquals(1, tap.queue(0).takeReceiveDrops());
        assertEquals(DropReason.RX_TOO_LONG, tap.queue(0).receiveFailure());
        assertEquals(0, tap.queue(0).takeReceiveDrops(), "taken once");
        assertEquals(lab.pool.size() - 1, lab.pool.free());
    }

    @Test
    void anEmptyPoolLeavesFramesInTheKernel() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        UdpSocket program = program(owner(tap), PORT);
        lab.send(program, datagrams(10, 1000));
        FrameBatch all = new FrameBatch(lab.pool.size());
        while (lab.pool.free() > 0) {
            all.add(lab.frame());
        }
        FrameBatch none = new FrameBatch(64);
        assertEquals(0, tap.queue(0).receive(lab.pool, none));
        assertEquals(0, tap.queue(0).takeReceiveDrops());
        all.releaseAll(lab.pool);
        lab.receive(tap.queue(0), 10, each -> Packets.isUdp4(each, PORT));
    }

    @Test
    void aBatchWithoutRoomIsLeftAlone() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        UdpSocket program = program(owner(tap), PORT);
        lab.send(program, datagrams(10, 1000));
        FrameBatch batch = new FrameBatch(3);
        Await.until("3 frames", Lab.PATIENCE, () -> {
            tap.queue(0).receive(lab.pool, batch);
            return batch.isFull();
        });
        assertEquals(0, tap.queue(0).receive(lab.pool, batch));
        assertEquals(lab.pool.size() - 3, lab.pool.free());
    }

    @Test
    void everyQueueOfAMultiQueueDeviceSharesTheTrafficUntilItIsClosed() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d").withQueues(4));
        Netns owner = owner(tap);
        assertEquals(4, tap.queueCount());
        UdpSocket program = program(owner, PORT);
        int[] before = spread(tap, program, 4);
        int used = 0;
        for (int count : before) {
            used += count > 0 ? 1 : 0;
        }
        assertTrue(used >= 2, "200 flows use more than one of four queues");

        tap.queue(0).close();
        assertEquals(PortQueue.GONE, tap.queue(0).receive(lab.pool, new FrameBatch(1)));
        spread(tap, program, 4);

        // and back: any queue transmits
        FrameBatch batch = new FrameBatch(1);
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, 5));
        lab.send(tap.queue(3), batch);
        Packets.checkPayload(lab.receive(program, 1, each -> true).get(0), 600, 5);
    }

    /** Sends 200 flows and counts where each arrives; all must. */
    private int[] spread(TapDevice tap, UdpSocket program, int queues) {
        FrameBatch batch = new FrameBatch(200);
        for (int i = 0; i < 200; i++) {
            Frame frame = Packets.payload(lab.frame(), 100, i);
            frame.setRemote(REMOTE.hi(), REMOTE.lo(), 10_000 + i);
            batch.add(frame);
        }
        lab.send(program, batch);
        int[] counts = new int[queues];
        Await.until("200 frames over the queues", Lab.PATIENCE, () -> {
            int sum = 0;
            for (int i = 0; i < queues; i++) {
                if (tap.queue(i).fd() >= 0) {
                    FrameBatch found = lab.receiveNow(
                            tap.queue(i),
                            frame -> UdpHeader.destinationPort(
                                            frame.segment(),
                                            (long) frame.start() + EthernetHeader.BYTES + Ipv4Header.BYTES)
                                    >= 10_000);
                    counts[i] += found.size();
                    found.releaseAll(lab.pool);
                }
                sum += counts[i];
            }
            return sum == 200;
        });
        return counts;
    }

    @Test
    void aDeviceThatIsDownRefusesFramesAndDeliversNone() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        owner(tap);
        tap.setUp(false);
        FrameBatch batch = new FrameBatch(1);
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, 1));
        assertEquals(0, tap.queue(0).transmit(batch, 0));
        assertEquals(DropReason.TX_DEVICE_DOWN, tap.queue(0).transmitFailure());
        assertEquals(
                0,
                lab.receiveNow(tap.queue(0), each -> Packets.isUdp4(each, PORT)).size());
        tap.setUp(true);
        assertEquals(1, tap.queue(0).transmit(batch, 0));
        assertNull(tap.queue(0).transmitFailure());
    }

    @Test
    void aDeviceThatIsDeletedIsGoneForGood() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        Netns owner = owner(tap);
        owner.run("ip", "link", "delete", "eth0");
        FrameBatch none = new FrameBatch(64);
        assertEquals(PortQueue.GONE, tap.queue(0).receive(lab.pool, none));
        assertEquals(PortQueue.GONE, tap.queue(0).receive(lab.pool, none));
        assertEquals(0, none.size());
        FrameBatch batch = new FrameBatch(1);
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), OWNER_MAC.bits(), REMOTE, OWNER, PORT, 600, 1));
        assertEquals(0, tap.queue(0).transmit(batch, 0));
        assertEquals(DropReason.TX_DEVICE_GONE, tap.queue(0).transmitFailure());
        batch.releaseAll(lab.pool);
        assertEquals(lab.pool.size(), lab.pool.free());
        assertEquals(0, tap.queue(0).takeReceiveDrops());
    }

    @Test
    void aClosedQueueIsGone() throws NativeException {
        TapDevice tap = tap(TapOptions.named("jvs%d"));
        TapQueue queue = tap.queue(0);
        tap.close();
        tap.close();
        assertEquals(-1, queue.fd());
        assertEquals(PortQueue.GONE, queue.receive(lab.pool, new FrameBatch(1)));
        FrameBatch batch = new FrameBatch(1);
        assertEquals(0, queue.transmit(batch, 0));
        assertNull(queue.transmitFailure(), "an empty batch cannot fail");
        batch.add(Packets.payload(lab.frame(), 100, 1));
        assertEquals(0, queue.transmit(batch, 0));
        assertEquals(DropReason.TX_DEVICE_GONE, queue.transmitFailure());
    }
}
