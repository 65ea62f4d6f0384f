package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.tunnel.GreHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GRE packets between two Linux hosts, and from a host that we are ourselves. */
final class RawIpSocketIT {

    private static final int KEY = 42;
    private static final int GRE_BYTES = GreHeader.BYTES + GreHeader.OPTION_BYTES;

    private Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private RawIpSocket open(UnderlayOptions options) throws NativeException {
        return lab.keep(RawIpSocket.open(options, IpProtocol.GRE));
    }

    private Frame gre(IpAddress to, int payload, int number) {
        Frame frame = lab.frame();
        frame.resize(GRE_BYTES + payload);
        gre(frame.segment(), frame.start(), payload, number);
        frame.setRemote(to.hi(), to.lo(), 0);
        return frame;
    }

    private static void gre(MemorySegment segment, int at, int payload, int number) {
        GreHeader.write(segment, at, GreHeader.FLAG_KEY, EtherType.TRANSPARENT_ETHERNET, KEY, 0);
        Packets.fill(segment, (long) at + GRE_BYTES, payload, number);
    }

    private Frame gre(IpAddress to, byte[] inner) {
        Frame frame = lab.frame();
        frame.resize(GRE_BYTES + inner.length);
        GreHeader.write(frame.segment(), frame.start(), GreHeader.FLAG_KEY, EtherType.TRANSPARENT_ETHERNET, KEY, 0);
        long at = (long) frame.start() + GRE_BYTES;
        MemorySegment.copy(MemorySegment.ofArray(inner), 0, frame.segment(), at, inner.length);
        frame.setRemote(to.hi(), to.lo(), 0);
        return frame;
    }

    private static void check(Frame frame, int payload, int number) {
        assertEquals(GRE_BYTES + payload, frame.length());
        assertNull(GreHeader.check(frame.segment(), frame.start(), frame.length()));
        assertEquals(KEY, GreHeader.key(frame.segment(), frame.start()));
        Packets.check(frame.segment(), (long) frame.start() + GRE_BYTES, payload, number);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesBeginAtTheGreHeaderAndSayWhereTheyAreFrom(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        FrameBatch batch = new FrameBatch(100);
        for (int i = 0; i < 100; i++) {
            batch.add(gre(Underlay.right(v6), 1400, i));
        }
        lab.send(left, batch);
        FrameBatch received = lab.receive(right, 100, frame -> true);
        for (int i = 0; i < 100; i++) {
            Frame frame = received.get(i);
            check(frame, 1400, i);
            assertEquals(Frame.HEADROOM_BYTES, frame.start());
            assertEquals(Underlay.left(v6), new IpAddress(frame.remoteHi(), frame.remoteLo()));
            assertEquals(0, frame.remotePort());
            assertEquals(Underlay.right(v6), new IpAddress(frame.localHi(), frame.localLo()));
        }
    }

    /** What a path of 1280 bytes does not take leaves in fragments, and is whole again before the socket sees it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutDfLargePacketsAreFragmentedAndPutTogether(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        underlay.left.run("ip", "link", "set", "wire0", "mtu", "1280");
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0).withDontFragment(false));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        assertTrue(right.watchSegmentSizes());
        FrameBatch batch = new FrameBatch(20);
        for (int i = 0; i < 20; i++) {
            batch.add(gre(Underlay.right(v6), 1300, i));
        }
        lab.send(left, batch);
        FrameBatch received = lab.receive(right, 20, frame -> true);
        for (int i = 0; i < 20; i++) {
            check(received.get(i), 1300, i);
        }
        RawIpSocket whole = open(underlay.onLeft(Underlay.left(v6), 0));
        FrameBatch one = new FrameBatch(1);
        one.add(gre(Underlay.right(v6), 1300, 0));
        assertEquals(0, whole.transmit(one, 0), "with DF it does not fit");
    }

    /**
     * A device that merges: GRE with UDP inside becomes few packets, and of each the socket says how long the datagrams
     * were.
     */
    @ParameterizedTest
    @CsvSource({"false,on,off", "true,on,off", "false,off,on", "true,off,on"})
    void mergedPacketsSayTheirSegmentsSize(boolean v6, String udpForwarding, String list) throws NativeException {
        Peers.require("ethtool");
        Underlay underlay = new Underlay(lab);
        underlay.right.run("sh", "-c", "echo 500000 >/sys/class/net/wire0/gro_flush_timeout");
        underlay.right.run(
                "ethtool", "-K", "wire0", "gro", "on", "rx-udp-gro-forwarding", udpForwarding, "rx-gro-list", list);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        assertTrue(right.watchSegmentSizes());
        int[] sizes = {100, 333, 700}; // a shorter one would join the train before it, as its last
        FrameBatch batch = new FrameBatch(60);
        for (int i = 0; i < 60; i++) {
            FrameBuilder inner = Frames.ipv4().identification(i).udp(1000, 2000).payload(sizes[i / 20]);
            batch.add(gre(Underlay.right(v6), inner.bytes()));
        }
        lab.send(left, batch);
        int[] counted = new int[sizes.length];
        int[] merged = {0};
        FrameBatch burst = new FrameBatch(FrameBatch.BURST_FRAMES);
        Await.until("60 datagrams", Lab.PATIENCE, () -> {
            while (right.receive(lab.pool, burst) > 0) {
                for (int i = 0; i < burst.size(); i++) {
                    Frame frame = burst.get(i);
                    int payload = frame.length() - GRE_BYTES - 42;
                    boolean isMerged = frame.gsoType() == Frame.GSO_INNER;
                    int size = isMerged ? frame.gsoSizeBytes() : payload;
                    counted[
                            IntStream.range(0, 3)
                                    .filter(at -> sizes[at] == size)
                                    .findFirst()
                                    .orElseThrow()] += payload / size;
                    assertEquals(0, payload % size);
                    merged[0] += isMerged ? 1 : 0;
                }
                burst.releaseAll(lab.pool);
            }
            return Arrays.stream(counted).sum() >= 60;
        });
        assertArrayEquals(new int[] {20, 20, 20}, counted);
        assertTrue(merged[0] > 0, "the device merged nothing");
    }

    /** More superframes than there is room for: the notes of those that were lost are not taken for later ones'. */
    @Test
    void notesOfLostPacketsAreForgotten() throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        RawIpSocket right = open(underlay.onRight(Underlay.RIGHT_V4, 0).withBuffers(20_000, 1 << 20));
        underlay.right.run("sh", "-c", "echo 500000 >/sys/class/net/wire0/gro_flush_timeout");
        underlay.right.run("ethtool", "-K", "wire0", "gro", "on", "rx-udp-gro-forwarding", "on");
        assertTrue(right.watchSegmentSizes());
        for (int round = 0; round < 20; round++) {
            int size = 100 + round;
            FrameBatch batch = new FrameBatch(120);
            for (int i = 0; i < 120; i++) {
                // Beginning and length are the same again and again, and the size of each round is another.
                byte[] inner =
                        Frames.ipv6().udp(1000, 2000 + size).payload(size).bytes();
                batch.add(gre(Underlay.RIGHT_V4, inner));
            }
            lab.send(left, batch);
            FrameBatch received = new FrameBatch(256);
            Await.until("some of a round", Lab.PATIENCE, () -> {
                right.receive(lab.pool, received);
                return received.size() > 0;
            });
            for (int i = 0; i < received.size(); i++) {
                Frame frame = received.get(i);
                int payloadAt = frame.start() + GRE_BYTES + 62;
                int expected = NetworkOrder.getU16(frame.segment(), payloadAt - 6L) - 2000;
                boolean merged = frame.gsoType() == Frame.GSO_INNER;
                assertEquals(expected, merged ? frame.gsoSizeBytes() : frame.end() - payloadAt, "round " + round);
            }
            received.releaseAll(lab.pool);
            lab.receiveNow(right, frame -> true).releaseAll(lab.pool);
        }
        assertTrue(right.kernelDrops() > 0, "nothing was lost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPacketTooBigForTheMtuStopsTheBurstAndTheRestGoes(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        int most = 1500 - (v6 ? 40 : 20) - GRE_BYTES;
        FrameBatch batch = new FrameBatch(3);
        batch.add(gre(Underlay.right(v6), most, 0));
        batch.add(gre(Underlay.right(v6), most + 1, 1));
        batch.add(gre(Underlay.right(v6), 100, 2));
        assertEquals(1, left.transmit(batch, 0));
        assertEquals(DropReason.TX_TOO_BIG, left.transmitFailure());
        assertEquals(1, left.transmit(batch, 2));
        FrameBatch received = lab.receive(right, 2, frame -> true);
        check(received.get(0), most, 0);
        check(received.get(1), 100, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSocketOnAnyAddressSaysWhichItWas(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(IpAddress.parse(v6 ? "::" : "0.0.0.0"), 0));
        FrameBatch batch = new FrameBatch(1);
        batch.add(gre(Underlay.right(v6), 100, 0));
        lab.send(left, batch);
        Frame arrived = lab.receive(right, 1, frame -> true).get(0);
        assertEquals(Underlay.right(v6), new IpAddress(arrived.localHi(), arrived.localLo()));
        batch.add(arrived);
        lab.send(right, batch);
        Frame back = lab.receive(left, 1, frame -> true).get(0);
        check(back, 100, 0);
        assertEquals(Underlay.right(v6), new IpAddress(back.remoteHi(), back.remoteLo()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTrafficClassArrivesAsItWasSent(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        FrameBatch batch = new FrameBatch(256);
        for (int i = 0; i < 256; i++) {
            Frame frame = gre(Underlay.right(v6), 100, i);
            frame.setOuterTrafficClass(i);
            batch.add(frame);
        }
        lab.send(left, batch);
        FrameBatch received = lab.receive(right, 256, frame -> true);
        for (int i = 0; i < 256; i++) {
            check(received.get(i), 100, i);
            assertEquals(i, received.get(i).outerTrafficClass());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHopsArriveAsTheyWereSent(boolean v6) throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(v6), 0));
        RawIpSocket right = open(underlay.onRight(Underlay.right(v6), 0));
        for (int hops : new int[] {1, 17, 255}) {
            left.setHopLimit(hops);
            FrameBatch batch = new FrameBatch(1);
            batch.add(gre(Underlay.right(v6), 100, 0));
            lab.send(left, batch);
            assertEquals(hops, lab.receive(right, 1, frame -> true).get(0).outerHops());
        }
    }

    @Test
    void theOuterHeaderIsAsAskedFor() throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.LEFT_V4, 0));
        RawIpSocket right = open(underlay.onRight(Underlay.RIGHT_V4, 0));
        left.setHopLimit(33);
        FrameBatch batch = new FrameBatch(1);
        batch.add(gre(Underlay.RIGHT_V4, 100, 0));
        batch.get(0).setOuterTrafficClass(0x28);
        lab.send(left, batch);
        Frame packet = lab.receive(right, 1, frame -> true).get(0);
        int ipAt = packet.start() - Ipv4Header.BYTES;
        assertEquals(0x28, Ipv4Header.tos(packet.segment(), ipAt));
        assertEquals(33, Ipv4Header.ttl(packet.segment(), ipAt));
        assertTrue(Ipv4Header.dontFragment(packet.segment(), ipAt));
        assertEquals(IpProtocol.GRE, Ipv4Header.protocol(packet.segment(), ipAt));
    }

    /**
     * Options make the outer header longer (RFC 791, section 3.1); here of no-operations, from 0 to the 40 bytes there
     * can be.
     */
    @Test
    void theOuterHeaderMayHaveOptionsOfAnyLength() throws NativeException {
        Netns host = lab.quietHost("raw");
        NetworkNamespace namespace = lab.enter(host);
        TapDevice tap = lab.keep(TapDevice.open(TapOptions.named("eth0").withNamespace(namespace)));
        tap.setUp(true);
        host.run("ip", "address", "add", Underlay.RIGHT_V4 + "/24", "dev", "eth0");
        RawIpSocket socket = open(UnderlayOptions.at(Underlay.RIGHT_V4, 0).withNamespace(namespace));
        for (int options = 0; options <= 40; options += 4) {
            Frame frame = lab.frame();
            int ipBytes = Ipv4Header.BYTES + options;
            frame.resize(EthernetHeader.BYTES + ipBytes + GRE_BYTES + 100);
            int ipAt = frame.start() + EthernetHeader.BYTES;
            MemorySegment segment = frame.segment();
            EthernetHeader.write(segment, frame.start(), tap.read().mac().bits(), 0x02_00_00_00_00_02L, EtherType.IPV4);
            Ipv4Header.write(
                    segment,
                    ipAt,
                    0,
                    ipBytes + GRE_BYTES + 100,
                    0,
                    0,
                    64,
                    IpProtocol.GRE,
                    Underlay.LEFT_V4.ipv4(),
                    Underlay.RIGHT_V4.ipv4());
            for (int i = 0; i < options; i++) {
                NetworkOrder.putU8(segment, (long) ipAt + Ipv4Header.BYTES + i, 1);
            }
            Ipv4Header.setHeaderBytes(segment, ipAt, ipBytes);
            Ipv4Header.updateChecksum(segment, ipAt);
            gre(segment, ipAt + ipBytes, 100, options);
            FrameBatch batch = new FrameBatch(1);
            batch.add(frame);
            lab.send(tap.queue(0), batch);
            Frame received = lab.receive(socket, 1, each -> true).get(0);
            check(received, 100, options);
            assertEquals(Frame.HEADROOM_BYTES + options, received.start());
            assertEquals(Underlay.LEFT_V4, new IpAddress(received.remoteHi(), received.remoteLo()));
            lab.pool.release(received);
        }
        assertEquals(lab.pool.size(), lab.pool.free());
    }

    @Test
    void anotherHostsAddressIsRefused() throws NativeException {
        Underlay underlay = new Underlay(lab);
        NativeException failure =
                assertThrows(NativeException.class, () -> open(underlay.onLeft(Underlay.RIGHT_V4, 0)));
        assertTrue(
                String.valueOf(failure.getMessage()).startsWith("raw IP socket 192.0.2.2 protocol 47: bind failed"),
                failure.getMessage());
    }

    /** The port of a raw IPv6 destination is a protocol number to Linux. */
    @Test
    void aRefusalSaysWhichCallAndWhichError() throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = open(underlay.onLeft(Underlay.left(true), 0));
        Frame frame = gre(Underlay.right(true), 100, 0);
        frame.setRemote(frame.remoteHi(), frame.remoteLo(), 4789);
        FrameBatch batch = new FrameBatch(1);
        batch.add(frame);
        assertEquals(0, left.transmit(batch, 0));
        assertEquals(DropReason.TX_REFUSED, left.transmitFailure());
        assertEquals("sendmmsg: EINVAL (Invalid argument)", left.transmitError());
        frame.setRemote(frame.remoteHi(), frame.remoteLo(), 0);
        assertEquals(1, left.transmit(batch, 0));
        assertNull(left.transmitError());
    }
}
