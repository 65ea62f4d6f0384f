package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Layers;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class VxlanTest {

    /** Outer Ethernet, IPv4 and UDP in front of the VXLAN header. */
    private static final int OUTER_BYTES = 14 + 20 + 8;

    private static final List<byte[]> LINUX = Hex.frames(VxlanTest.class, "linux-vxlan.hex");
    private static final byte[] OVS =
            Hex.frames(VxlanTest.class, "ovs-tunnels.hex").get(6);

    private static byte[] datagram(byte[] captured) {
        return Arrays.copyOfRange(captured, OUTER_BYTES, captured.length);
    }

    private static byte[] inner(byte[] captured) {
        return Arrays.copyOfRange(captured, OUTER_BYTES + VxlanHeader.BYTES, captured.length);
    }

    @Test
    void readsAndWritesWhatLinuxSends() {
        for (byte[] captured : LINUX) {
            Frame frame = Hex.frame(datagram(captured), 0);
            assertNull(Vxlan.pop(frame));
            assertArrayEquals(inner(captured), Hex.bytes(frame));
            assertEquals(42, frame.tunnelId());
            assertEquals(TunnelKind.VXLAN, TunnelFlags.kind(frame.tunnelFlags()));
            assertTrue(Vxlan.push(frame, 42));
            assertArrayEquals(datagram(captured), Hex.bytes(frame));
        }
    }

    @Test
    void readsAndWritesWhatOpenVswitchSends() {
        Frame frame = Hex.frame(datagram(OVS), 0);
        assertNull(Vxlan.pop(frame));
        assertEquals(123, frame.tunnelId());
        assertTrue(Vxlan.push(frame, 123));
        assertArrayEquals(datagram(OVS), Hex.bytes(frame));
    }

    /** A mark without bits that are the extension's leaves the header as it is without it. */
    @Test
    void readsTheGroupPolicyThatLinuxSends() {
        List<byte[]> captured = Hex.frames(Hex.class, "linux-vxlan-gbp.hex");
        Frame marked = Hex.frame(datagram(captured.get(0)), 0);
        assertNull(Vxlan.pop(marked));
        assertArrayEquals(inner(captured.get(0)), Hex.bytes(marked));
        assertEquals(42, marked.tunnelId());
        assertEquals(7, marked.groupPolicyId());
        assertEquals(0x48, marked.groupPolicyFlags());
        Hex.fill(marked, datagram(captured.get(1)));
        assertNull(Vxlan.pop(marked));
        assertEquals(0, marked.groupPolicyId() | marked.groupPolicyFlags(), "nothing is left of the datagram before");
    }

    @Test
    void refusesEveryTruncationAndLeavesTheFrame() {
        byte[] whole = datagram(OVS);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Frame frame = Hex.frame(cut, 0);
            DropReason expected =
                    length < 8 ? DropReason.VXLAN_TRUNCATED : length < 8 + 14 ? DropReason.ETHERNET_TRUNCATED : null;
            assertEquals(expected, Vxlan.pop(frame), "length " + length);
            if (expected != null) {
                assertArrayEquals(cut, Hex.bytes(frame), "length " + length);
                assertEquals(0, frame.tunnelFlags());
            }
        }
    }

    @Test
    void wantsTheIFlagAndIgnoresReservedBits() {
        byte[] datagram = datagram(OVS);
        for (int flags = 0; flags < 256; flags++) {
            datagram[0] = (byte) flags;
            DropReason expected = (flags & VxlanHeader.FLAG_I) == 0 ? DropReason.VXLAN_NO_VNI : null;
            assertEquals(expected, Vxlan.pop(Hex.frame(datagram, 0)), "flags " + flags);
        }
        datagram[1] = datagram[2] = datagram[3] = datagram[7] = (byte) 0xff;
        Frame frame = Hex.frame(datagram, 0);
        assertNull(Vxlan.pop(frame));
        assertEquals(123, frame.tunnelId());
    }

    @Test
    void writesAll24BitsOfTheVniAndZerosElsewhere() {
        Frame frame = Frames.pingv4().frame();
        assertTrue(Vxlan.push(frame, VxlanHeader.MAX_VNI));
        assertEquals("0800 0000 ffff ff00", Hex.text(Hex.bytes(frame.segment(), frame.start(), 8)));
        assertNull(Vxlan.pop(frame));
        assertEquals(VxlanHeader.MAX_VNI, frame.tunnelId());
    }

    @Test
    void saysSoWithoutHeadroom() {
        Frame frame = Frames.pingv4().frame();
        byte[] before = Hex.bytes(frame);
        while (frame.headroom() >= VxlanHeader.BYTES) {
            frame.push(1);
        }
        frame.place(frame.start(), before.length);
        byte[] shifted = Hex.bytes(frame);
        assertFalse(Vxlan.push(frame, 1));
        assertArrayEquals(shifted, Hex.bytes(frame));
    }

    @Test
    void keepsOffsetsAndCountsTheHeaderIntoTheSuperframesHeaders() {
        Frame frame = Layers.set(
                Frames.tcpv4().payload(4000).gso(Frame.GSO_TCPV4, 1400).frame());
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        int headerBytes = frame.gsoHeaderBytes();
        assertTrue(Vxlan.push(frame, 42));
        assertEquals(headerBytes + VxlanHeader.BYTES, frame.gsoHeaderBytes());
        assertEquals(l3At, frame.l3At());
        assertEquals(l4At, frame.checksumStart());
        assertNull(Vxlan.pop(frame));
        assertEquals(headerBytes, frame.gsoHeaderBytes());
    }

    @Test
    void anyFrameComesBackAsItWas() {
        RandomGenerator random = Seed.random(VxlanTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 500; i++) {
            byte[] inner = frames.next().bytes();
            int vni = random.nextInt(VxlanHeader.MAX_VNI + 1);
            Frame frame = Hex.frame(inner, 0);
            assertTrue(Vxlan.push(frame, vni));
            assertNull(Vxlan.pop(frame));
            assertArrayEquals(inner, Hex.bytes(frame));
            assertEquals(vni, frame.tunnelId());
        }
    }

    @Test
    void anyBytesGiveAReasonOrAFrame() {
        RandomGenerator random = Seed.random(VxlanTest.class);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            Frame frame = Hex.frame(noise, 0);
            DropReason reason = Vxlan.pop(frame);
            assertEquals(reason == null ? noise.length - 8 : noise.length, frame.length());
        }
    }
}
