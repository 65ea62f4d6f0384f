package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.header.IpProtocol;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The steady state allocates nothing: not a byte a burst, on any kind of port. */
final class AllocationIT {

    private static final int BURSTS = 2_000;

    private Lab lab = new Lab();

    @BeforeAll
    static void needsRoot() {
        Peers.requireRoot();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Sends a burst through one queue and takes it out of another, time and again. */
    private int pump(PortQueue from, PortQueue to, FrameBatch out, FrameBatch in) {
        int frames = 0;
        for (int i = 0; i < BURSTS; i++) {
            from.transmit(out, 0);
            while (to.receive(lab.pool, in) > 0) {
                frames += in.size();
                in.releaseAll(lab.pool);
            }
        }
        return frames;
    }

    private void check(PortQueue from, PortQueue to, FrameBatch out) {
        FrameBatch in = new FrameBatch(FrameBatch.BURST_FRAMES);
        AllocationMeter.awaitNone(BURSTS + " bursts", () -> {
            int frames = pump(from, to, out, in);
            assertTrue(frames >= BURSTS, "frames flow: " + frames);
        });
    }

    private FrameBatch burst(IpAddress to, int port) {
        FrameBatch batch = new FrameBatch(32);
        for (int i = 0; i < 32; i++) {
            Frame frame = Packets.payload(lab.frame(), 100, i);
            frame.setRemote(to.hi(), to.lo(), port);
            batch.add(frame);
        }
        return batch;
    }

    @Test
    void udpBurstsAllocateNothing() throws NativeException {
        Underlay underlay = new Underlay(lab);
        UdpSocket left = lab.keep(UdpSocket.open(underlay.onLeft(Underlay.LEFT_V4, 0)));
        UdpSocket right = lab.keep(UdpSocket.open(underlay.onRight(Underlay.RIGHT_V4, 4789)));
        check(left, right, burst(Underlay.RIGHT_V4, 4789));
    }

    @Test
    void udpBurstsOfMergedDatagramsAllocateNothing() throws NativeException {
        Underlay underlay = new Underlay(lab);
        UdpSocket left = lab.keep(UdpSocket.open(underlay.onLeft(Underlay.LEFT_V6, 0)));
        UdpSocket right = lab.keep(UdpSocket.open(underlay.onRight(IpAddress.parse("::"), 4789)));
        assertTrue(left.enableSegmentation() && right.enableCoalescing());
        check(left, right, burst(Underlay.RIGHT_V6, 4789));
    }

    @Test
    void rawIpBurstsAllocateNothing() throws NativeException {
        Underlay underlay = new Underlay(lab);
        RawIpSocket left = lab.keep(RawIpSocket.open(underlay.onLeft(Underlay.LEFT_V4, 0), IpProtocol.GRE));
        RawIpSocket right = lab.keep(RawIpSocket.open(underlay.onRight(Underlay.RIGHT_V4, 0), IpProtocol.GRE));
        check(left, right, burst(Underlay.RIGHT_V4, 0));
    }

    /** From one end of a cable to the other. */
    @Test
    void packetBurstsAllocateNothing() throws NativeException {
        Netns host = lab.quietHost("left");
        Netns other = lab.quietHost("right");
        host.connect("left", other, "right");
        PacketDevice left = lab.keep(PacketDevice.open(lab.enter(host), "left", 1));
        PacketDevice right = lab.keep(PacketDevice.open(lab.enter(other), "right", 1));
        FrameBatch out = new FrameBatch(32);
        for (int i = 0; i < 32; i++) {
            out.add(Packets.udp4(
                    lab.frame(),
                    0x02_00_00_00_00_01L,
                    0x02_00_00_00_00_02L,
                    IpAddress.parse("192.0.2.1"),
                    IpAddress.parse("192.0.2.2"),
                    5000,
                    100,
                    i));
        }
        check(left.queue(0), right.queue(0), out);
    }

    /** Out of one TAP, over a bridge of the kernel, into another. */
    @Test
    void tapBurstsAllocateNothing() throws NativeException {
        Netns host = lab.quietHost("bridge");
        NetworkNamespace namespace = lab.enter(host);
        TapDevice left = lab.keep(TapDevice.open(TapOptions.named("left").withNamespace(namespace)));
        TapDevice right = lab.keep(TapDevice.open(TapOptions.named("right").withNamespace(namespace)));
        host.run("ip", "link", "add", "br0", "up", "type", "bridge");
        for (TapDevice tap : List.of(left, right)) {
            host.run("ip", "link", "set", tap.name(), "master", "br0", "up");
        }
        FrameBatch out = new FrameBatch(32);
        for (int i = 0; i < 32; i++) {
            out.add(Packets.udp4(
                    lab.frame(),
                    0x02_00_00_00_00_01L,
                    0x02_00_00_00_00_02L,
                    Underlay.LEFT_V4,
                    Underlay.RIGHT_V4,
                    5000,
                    100,
                    i));
        }
        check(left.queue(0), right.queue(0), out);
    }
}
