package io.jvswitch.wire.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Truncation;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class VxlanHeaderTest {

    @Test
    void readsWhatLinuxSent() {
        for (byte[] frame : Captures.frames("linux-vxlan-ipv4")) {
            MemorySegment seg = Hex.segment(frame);
            assertEquals(VxlanHeader.UDP_PORT, UdpHeader.destinationPort(seg, 34));
            assertNull(VxlanHeader.check(seg, 42, frame.length - 42));
            assertEquals(42, VxlanHeader.vni(seg, 42));
            assertEquals(VxlanHeader.FLAG_I, VxlanHeader.flags(seg, 42));
        }
        for (byte[] frame : Captures.frames("linux-vxlan-ipv6")) {
            assertEquals(0xabcdef, VxlanHeader.vni(Hex.segment(frame), 62));
        }
    }

    @Test
    void writesWhatLinuxSent() {
        byte[] linux = Captures.frames("linux-vxlan-ipv6").getFirst();
        MemorySegment ours = Hex.segment(new byte[9]);
        ours.fill((byte) 0xff);
        VxlanHeader.write(ours, 1, 0xabcdef);
        assertArrayEquals(Arrays.copyOfRange(linux, 62, 70), Hex.bytes(ours, 1, 8));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = Hex.bytes("08000000 00002a00 0000");
        Truncation.assertRefused(whole, VxlanHeader.BYTES, DropReason.VXLAN_TRUNCATED, VxlanHeader::check);
    }

    @Test
    void onlyTheIFlagDecides() {
        for (int flags = 0; flags < 256; flags++) {
            byte[] header = Hex.bytes("00ffffff 123456ff");
            header[0] = (byte) flags;
            MemorySegment seg = Hex.segment(header);
            assertEquals((flags & 8) != 0 ? null : DropReason.VXLAN_NO_VNI, VxlanHeader.check(seg, 0, 8));
            assertEquals(0x123456, VxlanHeader.vni(seg, 0), "reserved bits are not part of the VNI");
        }
    }

    @Test
    void everyVniComesBack() {
        RandomGenerator random = Seed.random(getClass());
        MemorySegment seg = Hex.segment(new byte[8]);
        for (int i = 0; i < 5000; i++) {
            int vni = i < 2 ? i * VxlanHeader.MAX_VNI : random.nextInt(VxlanHeader.MAX_VNI + 1);
            VxlanHeader.write(seg, 0, vni);
            assertEquals(vni, VxlanHeader.vni(seg, 0));
            assertEquals(0x0800_0000_0000_0000L | (long) vni << 8, NetworkOrder.getLong(seg, 0));
        }
    }
}
