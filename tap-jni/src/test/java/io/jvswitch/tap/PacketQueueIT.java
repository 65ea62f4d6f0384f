package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.VirtioNetHeader;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.header.VlanTag;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames between a packet socket on the host's end of a veth and the container at the other end. */
final class PacketQueueIT {

    private static final IpAddress GUEST = IpAddress.parse("192.0.2.1");
    private static final IpAddress REMOTE = IpAddress.parse("192.0.2.2");
    private static final MacAddress GUEST_MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress REMOTE_MAC = MacAddress.parse("02:00:00:00:00:02");
    private static final int PORT = 5000;

    private final Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** A host with one end of a cable, {@code veth0}, and a guest with the other, {@code eth0}. */
    private final class Cable {
        final Netns host = lab.quietHost("switch");
        final Netns guest = lab.quietHost("guest");
        final NetworkNamespace hostNamespace = lab.enter(host);
        final NetworkNamespace guestNamespace = lab.enter(guest);

        Cable() throws NativeException {
            host.connect("veth0", guest, "eth0");
            guest.run("ip", "link", "set", "eth0", "address", GUEST_MAC.toString());
            guest.run("ip", "address", "add", GUEST + "/24", "dev", "eth0");
            guest.run("ip", "neigh", "add", REMOTE.toString(), "lladdr", REMOTE_MAC.toString(), "dev", "eth0");
        }

        PacketDevice open(int queues) throws NativeException {
            return lab.keep(PacketDevice.open(hostNamespace, "veth0", queues));
        }

        UdpSocket program() throws NativeException {
            return lab.keep(UdpSocket.open(UnderlayOptions.at(GUEST, PORT).withNamespace(guestNamespace)));
        }

        boolean isPromiscuous() {
            return host.run("ip", "-d", "link", "show", "veth0").contains("promiscuity 1");
        }
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

    private FrameBatch frames(int count, int payload) {
        FrameBatch batch = new FrameBatch(count);
        for (int i = 0; i < count; i++) {
            batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, payload, i));
        }
        return batch;
    }

    @Test
    void whatTheGuestSendsArrivesWholeInOrderAndOnce() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        UdpSocket program = cable.program();
        for (int round = 0; round < 3; round++) {
            lab.send(program, datagrams(150, 1000));
            FrameBatch frames = lab.receive(queue, 150, frame -> Packets.isUdp4(frame, PORT));
            for (int i = 0; i < frames.size(); i++) {
                Packets.checkUdp4(frames.get(i), 1000, i);
                assertEquals(Frame.HEADROOM_BYTES, frames.get(i).start());
                assertNull(Checksum.complete(frames.get(i)));
                int ipAt = frames.get(i).start() + EthernetHeader.BYTES;
                assertTrue(Checksum.transportIsValid(
                        frames.get(i).segment(),
                        ipAt,
                        IpProtocol.UDP,
                        ipAt + Ipv4Header.BYTES,
                        UdpHeader.BYTES + 1000));
            }
            frames.releaseAll(lab.pool);
        }
        assertEquals(lab.pool.size(), lab.pool.free());
        assertEquals(0, queue.receive(lab.pool, new FrameBatch(8)), "nothing more, and it does not block");
    }

    @Test
    void whatIsTransmittedTheGuestReceivesAndWeDoNot() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        UdpSocket program = cable.program();
        lab.send(queue, frames(150, 600));
        FrameBatch received = lab.receive(program, 150, frame -> true);
        for (int i = 0; i < 150; i++) {
            Packets.checkPayload(received.get(i), 600, i);
        }
        assertEquals(
                0, lab.receiveNow(queue, frame -> Packets.isUdp4(frame, PORT)).size());
    }

    /**
     * What leaves by the device is nobody's to receive, whoever sent it and in how many pieces: with one socket, with a
     * group, and with a group on a kernel that cannot keep it out by itself.
     */
    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "2, false"})
    void whatLeavesByTheDeviceIsNotReceived(int queues, boolean groupFlag) throws NativeException {
        Cable cable = new Cable();
        PacketDevice device = lab.keep(PacketDevice.open(cable.hostNamespace, "veth0", queues, groupFlag));
        UdpSocket program = cable.program();
        cable.host.run("ip", "address", "add", "192.0.2.3/24", "dev", "veth0");
        cable.host.run("ip", "neigh", "add", GUEST.toString(), "lladdr", GUEST_MAC.toString(), "dev", "veth0");
        cable.host.run("ethtool", "-K", "veth0", "tx", "off", "gso", "off");
        UdpSocket stack = lab.keep(UdpSocket.open(
                UnderlayOptions.at(IpAddress.parse("192.0.2.3"), PORT).withNamespace(cable.hostNamespace)));
        for (int round = 0; round < 20; round++) { // a flow each: every member of a group is asked
            Frame own = Packets.payload(lab.frame(), 100, round);
            own.setRemote(GUEST.hi(), GUEST.lo(), PORT);
            FrameBatch fromStack = new FrameBatch(1);
            fromStack.add(own);
            lab.send(stack, fromStack);
            Frame superframe =
                    Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, 3_000, round);
            int ipAt = superframe.start() + EthernetHeader.BYTES;
            int udpAt = ipAt + Ipv4Header.BYTES;
            UdpHeader.setSourcePort(superframe.segment(), udpAt, 20_000 + round);
            Checksum.setPartial(superframe, ipAt, IpProtocol.UDP, udpAt, UdpHeader.BYTES + 3_000);
            superframe.setGso(Frame.GSO_UDP_L4, 1000, Packets.UDP4_HEADERS);
            FrameBatch batch = new FrameBatch(1);
            batch.add(superframe);
            lab.send(device.queue(round % queues), batch);
        }
        lab.receive(program, 20 * 4, each -> true).releaseAll(lab.pool);
        for (int q = 0; q < queues; q++) {
            assertEquals(
                    0,
                    lab.receiveNow(device.queue(q), each -> Packets.isUdp4(each, PORT))
                            .size(),
                    "queue " + q);
        }
        // And what comes in still does.
        lab.send(program, datagrams(1, 100));
        Await.until("a frame", Lab.PATIENCE, () -> {
            int found = 0;
            for (int q = 0; q < queues; q++) {
                found += lab.receiveNow(device.queue(q), each -> Packets.isUdp4(each, PORT))
                        .size();
            }
            return found == 1;
        });
    }

    @Test
    void aSuperframeArrivesAsOne() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        UdpSocket program = cable.program();
        Frame sent = Packets.payload(lab.frame(), 10_000, 7);
        sent.setRemote(REMOTE.hi(), REMOTE.lo(), PORT);
        sent.setGso(Frame.GSO_UDP_L4, 1000, 0);
        FrameBatch batch = new FrameBatch(1);
        batch.add(sent);
        lab.send(program, batch);
        Frame frame = lab.receive(queue, 1, each -> Packets.isUdp4(each, PORT)).get(0);
        Packets.checkUdp4(frame, 10_000, 7);
        assertEquals(Frame.GSO_UDP_L4, frame.gsoType());
        assertEquals(1000, frame.gsoSizeBytes());
        assertEquals(Frame.CSUM_PARTIAL, frame.checksumState());
        assertEquals(frame.start() + EthernetHeader.BYTES + Ipv4Header.BYTES, frame.checksumStart());
    }

    @Test
    void aSuperframeThatIsTransmittedIsCutByTheKernel() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        assertTrue((queue.offloads() & Offload.USO) != 0, "this kernel is younger than 6.4");
        UdpSocket program = cable.program();
        Frame frame = Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, 10_500, 9);
        int ipAt = frame.start() + EthernetHeader.BYTES;
        int udpAt = ipAt + Ipv4Header.BYTES;
        Checksum.setPartial(frame, ipAt, IpProtocol.UDP, udpAt, UdpHeader.BYTES + 10_500);
        frame.setGso(Frame.GSO_UDP_L4, 1000, Packets.UDP4_HEADERS);
        FrameBatch batch = new FrameBatch(1);
        batch.add(frame);
        lab.send(queue, batch);
        FrameBatch received = lab.receive(program, 11, each -> true);
        int bytes = 0;
        for (int i = 0; i < 11; i++) {
            bytes += received.get(i).length();
        }
        assertEquals(10_500, bytes);
        assertEquals(1000, received.get(0).length());
    }

    /** The kernel takes the outermost tag out of every frame it receives; the one within stays. */
    @ParameterizedTest
    @ValueSource(ints = {0x8100, 0x88a8})
    void aTagThatTheKernelTookIsPutBack(int tpid) throws NativeException {
        Cable cable = new Cable();
        PacketQueue ours = cable.open(1).queue(0);
        PacketQueue theirs =
                lab.keep(PacketDevice.open(cable.guestNamespace, "eth0", 1)).queue(0);
        int tci = VlanTag.tciOf(5, true, 10);
        for (int tags = 1; tags <= 2; tags++) {
            Frame frame =
                    Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, 600, tags);
            int ipAt = frame.start() + EthernetHeader.BYTES;
            Checksum.setPartial(frame, ipAt, IpProtocol.UDP, ipAt + Ipv4Header.BYTES, UdpHeader.BYTES + 600);
            if (tags == 2) {
                assertNull(VlanTag.push(frame, 0x8100, 77));
            }
            assertNull(VlanTag.push(frame, tpid, tci));
            FrameBatch batch = new FrameBatch(1);
            batch.add(frame);
            lab.send(theirs, batch);
            int wanted = tpid;
            Frame got = lab.receive(ours, 1, each -> EthernetHeader.type(each.segment(), each.start()) == wanted)
                    .get(0);
            int tagAt = got.start() + EthernetHeader.TYPE_OFFSET;
            assertEquals(tci, VlanTag.tci(got.segment(), tagAt));
            if (tags == 2) {
                assertEquals(0x8100, VlanTag.type(got.segment(), tagAt));
                assertEquals(77, VlanTag.vid(got.segment(), (long) tagAt + VlanTag.BYTES));
                assertNull(VlanTag.pop(got));
            }
            assertNull(VlanTag.pop(got));
            Packets.checkUdp4(got, 600, tags);
            assertNull(Checksum.complete(got), "the partial checksum's place moved with the frame");
            ipAt = got.start() + EthernetHeader.BYTES;
            assertTrue(Checksum.transportIsValid(
                    got.segment(), ipAt, IpProtocol.UDP, ipAt + Ipv4Header.BYTES, UdpHeader.BYTES + 600));
        }
    }

    @Test
    void whatTheKernelDropsForWantOfRoomIsCounted() throws NativeException {
        Cable cable = new Cable();
        PacketQueue ours = cable.open(1).queue(0);
        PacketQueue theirs =
                lab.keep(PacketDevice.open(cable.guestNamespace, "eth0", 1)).queue(0);
        FrameBatch burst = frames(64, 1400);
        int sent = 0;
        while (sent < 20_000) { // twice what 16 MiB hold, the kernel counting 2,304 bytes each
            sent += theirs.transmit(burst, 0);
        }
        burst.releaseAll(lab.pool);
        int received = 0;
        int dropped = 0;
        FrameBatch in = new FrameBatch(FrameBatch.BURST_FRAMES);
        do {
            ours.receive(lab.pool, in);
            received += in.size();
            dropped += ours.takeReceiveDrops();
            in.releaseAll(lab.pool);
        } while (dropped == 0 || received + dropped < sent);
        assertEquals(sent, received + dropped);
        assertEquals(DropReason.RX_OVERRUN, ours.receiveFailure());
        assertTrue(received > 1_000, received + " received");
    }

    /** A buffer that holds less than a burst is never followed by a full one. */
    @Test
    void dropsOfASmallBufferAreCountedOnceItIsEmpty() throws NativeException {
        Cable cable = new Cable();
        PacketQueue ours = cable.open(1).queue(0);
        SocketOption.RECEIVE_BUFFER.set(ours.fd(), "test", 20_000);
        PacketQueue theirs =
                lab.keep(PacketDevice.open(cable.guestNamespace, "eth0", 1)).queue(0);
        lab.send(theirs, frames(64, 1400));
        FrameBatch in = new FrameBatch(FrameBatch.BURST_FRAMES);
        int received = 0;
        int got;
        do {
            got = ours.receive(lab.pool, in);
            received += in.size();
            in.releaseAll(lab.pool);
        } while (got > 0);
        assertTrue(received > 0 && received < 64, received + " received");
        assertEquals(64 - received, ours.takeReceiveDrops());
        assertEquals(DropReason.RX_OVERRUN, ours.receiveFailure());
    }

    /** UDP fragmentation offload, which Linux gave up in 4.14 and a TAP still takes from its guest. */
    @Test
    void aSuperframeThatTheKernelKeepsIsCountedByName() throws NativeException {
        NetworkNamespace namespace = lab.enter(lab.quietHost("switch"));
        TapDevice guest = lab.keep(TapDevice.open(TapOptions.named("tap-vm").withNamespace(namespace)));
        guest.setUp(true);
        PacketQueue queue = lab.keep(PacketDevice.open(namespace, "tap-vm", 1)).queue(0);
        Frame frame = Packets.udp4(lab.frame(), GUEST_MAC.bits(), REMOTE_MAC.bits(), GUEST, REMOTE, PORT, 4_000, 1);
        int headerAt = frame.start() - guest.vnetHeaderBytes();
        VirtioNetHeader.clear(frame.segment(), headerAt, guest.vnetHeaderBytes());
        VirtioNetHeader.setFlags(frame.segment(), headerAt, VirtioNetHeader.FLAG_NEEDS_CSUM);
        VirtioNetHeader.setChecksum(
                frame.segment(), headerAt, EthernetHeader.BYTES + Ipv4Header.BYTES, UdpHeader.CHECKSUM_OFFSET);
        int ufo = 3; // VIRTIO_NET_HDR_GSO_UDP
        VirtioNetHeader.setGso(frame.segment(), headerAt, ufo, 1_480, Packets.UDP4_HEADERS);
        BurstTable table = new BurstTable();
        table.load(0, frame, headerAt, frame.length() + guest.vnetHeaderBytes());
        assertEquals(1, NativeCalls.tapTransmit(table.address(), guest.queue(0).fd(), 1));
        lab.pool.release(frame);
        FrameBatch in = new FrameBatch(8);
        Await.until("the refusal", Lab.PATIENCE, () -> {
            queue.receive(lab.pool, in);
            return queue.takeReceiveDrops() == 1;
        });
        assertEquals(DropReason.RX_OFFLOAD_UNKNOWN, queue.receiveFailure());
    }

    @Test
    void severalQueuesShareFlowsAndEachFlowKeepsToOne() throws NativeException {
        Cable cable = new Cable();
        PacketDevice device = cable.open(2);
        UdpSocket program = cable.program();
        int[] counts = new int[2];
        int[] queueOf = new int[100];
        Arrays.fill(queueOf, -1);
        for (int round = 0; round < 3; round++) {
            FrameBatch batch = new FrameBatch(100);
            for (int i = 0; i < 100; i++) {
                Frame frame = Packets.payload(lab.frame(), 100, i);
                frame.setRemote(REMOTE.hi(), REMOTE.lo(), 10_000 + i);
                batch.add(frame);
            }
            lab.send(program, batch);
            int wanted = 100 * (round + 1);
            Await.until("all flows", Lab.PATIENCE, () -> {
                for (int q = 0; q < 2; q++) {
                    FrameBatch found = lab.receiveNow(device.queue(q), PacketQueueIT::isFlow);
                    for (int i = 0; i < found.size(); i++) {
                        int flow = destinationPort(found.get(i)) - 10_000;
                        assertTrue(queueOf[flow] == -1 || queueOf[flow] == q, "flow " + flow + " moved");
                        queueOf[flow] = q;
                    }
                    counts[q] += found.size();
                    found.releaseAll(lab.pool);
                }
                return counts[0] + counts[1] == wanted;
            });
        }
        assertTrue(counts[0] > 0 && counts[1] > 0, counts[0] + " and " + counts[1]);
    }

    private static boolean isFlow(Frame frame) {
        return frame.length() >= Packets.UDP4_HEADERS && destinationPort(frame) >= 10_000;
    }

    private static int destinationPort(Frame frame) {
        return UdpHeader.destinationPort(
                frame.segment(), (long) frame.start() + EthernetHeader.BYTES + Ipv4Header.BYTES);
    }

    @Test
    void aDeviceThatIsDownRefusesFramesAndComesBack() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        UdpSocket program = cable.program();
        cable.host.run("ip", "link", "set", "veth0", "down");
        FrameBatch batch = frames(1, 600);
        assertEquals(0, queue.transmit(batch, 0));
        assertEquals(DropReason.TX_DEVICE_DOWN, queue.transmitFailure());
        assertEquals(0, queue.receive(lab.pool, new FrameBatch(8)));
        assertEquals(0, queue.takeReceiveDrops(), "going down loses no frame");
        cable.host.run("ip", "link", "set", "veth0", "up");
        lab.send(queue, batch);
        Packets.checkPayload(lab.receive(program, 1, each -> true).get(0), 600, 0);
    }

    @Test
    void aFrameLargerThanTheDeviceTakesIsRefusedAndTheNextGoes() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        UdpSocket program = cable.program();
        FrameBatch batch = new FrameBatch(2);
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, 1600, 4));
        batch.add(Packets.udp4(lab.frame(), REMOTE_MAC.bits(), GUEST_MAC.bits(), REMOTE, GUEST, PORT, 600, 5));
        assertEquals(0, queue.transmit(batch, 0));
        assertEquals(DropReason.TX_TOO_BIG, queue.transmitFailure());
        assertEquals(1, queue.transmit(batch, 1));
        Packets.checkPayload(lab.receive(program, 1, each -> true).get(0), 600, 5);
    }

    @Test
    void anOffloadThatContradictsItsFrameIsRefused() throws NativeException {
        Cable cable = new Cable();
        PacketQueue queue = cable.open(1).queue(0);
        FrameBatch batch = frames(1, 600);
        batch.get(0).setGso(Frame.GSO_UDP_L4, 100, 0);
        assertEquals(0, queue.transmit(batch, 0));
        assertEquals(DropReason.OFFLOAD_INVALID, queue.transmitFailure());
    }

    @Test
    void aDeviceThatIsDeletedOrMovedAwayIsGoneForGood() throws NativeException {
        for (String[] end :
                new String[][] {{"ip", "link", "delete", "veth0"}, {"ip", "link", "set", "veth0", "netns", "1"}}) {
            Cable cable = new Cable();
            PacketQueue queue = cable.open(1).queue(0);
            if (end[2].equals("set")) {
                end[5] = cable.guest.name();
            }
            cable.host.run(end);
            FrameBatch none = new FrameBatch(64);
            assertEquals(PortQueue.GONE, queue.receive(lab.pool, none));
            assertEquals(0, none.size());
            FrameBatch batch = frames(1, 600);
            assertEquals(0, queue.transmit(batch, 0));
            assertEquals(DropReason.TX_DEVICE_GONE, queue.transmitFailure());
            batch.releaseAll(lab.pool);
            assertEquals(0, queue.takeReceiveDrops());
        }
    }

    @Test
    void theDeviceIsPromiscuousOnlyWhileItIsOpen() throws NativeException {
        Cable cable = new Cable();
        PacketDevice device = PacketDevice.open(cable.hostNamespace, "veth0", 1);
        assertTrue(cable.isPromiscuous());
        device.close();
        device.close();
        assertTrue(!cable.isPromiscuous());
        assertEquals(PortQueue.GONE, device.queue(0).receive(lab.pool, new FrameBatch(1)));
        assertTrue(cable.host.run("ip", "link", "show", "veth0").contains("UP"), "the link's state is its owner's");
    }

    @Test
    void aDeviceIsOpenedOnce() throws NativeException {
        Cable cable = new Cable();
        PacketDevice first = cable.open(1);
        NativeException refused =
                assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "veth0", 1));
        assertEquals("EADDRINUSE", refused.errnoName());
        assertEquals("device veth0", refused.object());
        assertTrue(refused.remedy().contains("port of a jvswitch already"), refused.remedy());
        first.close();
        PacketDevice.open(cable.hostNamespace, "veth0", 1).close();
    }

    @Test
    void whatCannotBeSwitchedIsRefusedByName() throws NativeException {
        Cable cable = new Cable();
        NativeException refused =
                assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "lo", 1));
        assertTrue(refused.object().equals("device lo") && refused.remedy().contains("Ethernet"), refused::getMessage);
        refused = assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "eth7", 1));
        assertTrue(refused.isGone() && refused.object().equals("device eth7"), refused::getMessage);
        cable.host.run("ip", "link", "property", "add", "dev", "veth0", "altname", "cable-of-guest");
        refused =
                assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "cable-of-guest", 1));
        assertTrue(refused.remedy().contains("is another name of veth0; use that"), refused::getMessage);
        assertTrue(!refused.isNotYet(), refused::getMessage);
        cable.host.run("ip", "link", "add", "br0", "type", "bridge");
        cable.host.run("ip", "link", "set", "veth0", "master", "br0");
        refused = assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "veth0", 1));
        assertTrue(refused.remedy().contains("nomaster"), refused::getMessage);
        cable.host.run("ip", "link", "set", "veth0", "nomaster");
        cable.host.run("ip", "link", "set", "veth0", "down");
        refused = assertThrows(NativeException.class, () -> PacketDevice.open(cable.hostNamespace, "veth0", 2));
        assertTrue(refused.remedy().contains("ip link set veth0 up"), refused::getMessage);
        assertTrue(refused.isNotYet() && !refused.isGone(), refused::getMessage);
        cable.open(1);
    }

    /**
     * A guest's driver writes what it likes before its frames: the kernel refuses some of it, the queue counts the
     * rest, and goes on.
     */
    @Test
    void headersThatLieAreNeverBelieved() throws NativeException {
        Netns host = lab.quietHost("switch");
        NetworkNamespace namespace = lab.enter(host);
        TapDevice guest = lab.keep(TapDevice.open(TapOptions.named("tap-vm").withNamespace(namespace)));
        guest.setUp(true);
        PacketQueue queue = lab.keep(PacketDevice.open(namespace, "tap-vm", 1)).queue(0);
        BurstTable table = new BurstTable();
        Random random = new Random(5);
        FrameBatch in = new FrameBatch(FrameBatch.BURST_FRAMES);
        for (int i = 0; i < 2_000; i++) {
            Frame frame = Packets.udp4(lab.frame(), GUEST_MAC.bits(), REMOTE_MAC.bits(), GUEST, REMOTE, PORT, 600, i);
            int headerAt = frame.start() - guest.vnetHeaderBytes();
            for (int b = 0; b < 10; b++) {
                NetworkOrder.putU8(
                        frame.segment(), (long) headerAt + b, random.nextInt(b < 2 ? 6 : b % 2 == 0 ? 256 : 4));
            }
            table.load(0, frame, headerAt, frame.length() + guest.vnetHeaderBytes());
            NativeCalls.tapTransmit(table.address(), guest.queue(0).fd(), 1);
            lab.pool.release(frame);
            queue.receive(lab.pool, in);
            for (int k = 0; k < in.size(); k++) {
                Frame got = in.get(k);
                boolean partial = got.checksumState() == Frame.CSUM_PARTIAL;
                assertTrue(!partial || got.checksumStart() + got.checksumOffset() + 2 <= got.end());
                assertTrue(got.gsoType() == Frame.GSO_NONE || partial && got.gsoSizeBytes() > 0);
            }
            in.releaseAll(lab.pool);
        }
        lab.send(guest.queue(0), frames(1, 600));
        Packets.checkUdp4(
                lab.receive(queue, 1, frame -> Packets.isUdp4(frame, PORT)).get(0), 600, 0);
    }
}
