package io.jvswitch.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {

    private static final List<byte[]> LINUX = Captures.frames("linux-virtio-net");

    @Test
    void readsAPartialChecksumOfATap() {
        MemorySegment seg = Hex.segment(LINUX.get(0));
        assertEquals(VirtioNetHeader.FLAG_NEEDS_CSUM, VirtioNetHeader.flags(seg, 0));
        assertEquals(Frame.GSO_NONE, VirtioNetHeader.gsoType(seg, 0));
        assertEquals(34, VirtioNetHeader.checksumStart(seg, 0));
        assertEquals(TcpHeader.CHECKSUM_OFFSET, VirtioNetHeader.checksumOffset(seg, 0));
        assertEquals(0, VirtioNetHeader.buffers(seg, 0));
        // The checksum field holds the pseudo-header's sum: that is what "partial" means.
        int at = VirtioNetHeader.BYTES + 14;
        int sum = Checksum.fold(Checksum.pseudo(seg, at, IpProtocol.TCP, Ipv4Header.payloadBytes(seg, at)));
        assertEquals(sum, TcpHeader.checksum(seg, at + 20L));
    }

    @Test
    void readsASuperframeOfATap() {
        for (int i = 1; i <= 2; i++) {
            MemorySegment seg = Hex.segment(LINUX.get(i));
            assertEquals(Frame.GSO_TCPV4, VirtioNetHeader.gsoType(seg, 0));
            assertEquals(1448, VirtioNetHeader.gsoSizeBytes(seg, 0));
            assertEquals(66, VirtioNetHeader.headerBytes(seg, 0));
            assertEquals(34, VirtioNetHeader.checksumStart(seg, 0));
        }
    }

    @Test
    void readsASuperframeInsideATunnel() {
        MemorySegment seg = Hex.segment(LINUX.get(3));
        assertEquals(
                VirtioNetHeader.FLAG_NEEDS_CSUM | VirtioNetHeader.FLAG_UDP_TUNNEL_CSUM, VirtioNetHeader.flags(seg, 0));
        assertEquals(Frame.GSO_TCPV4 | VirtioNetHeader.GSO_UDP_TUNNEL_IPV4, VirtioNetHeader.gsoType(seg, 0));
        assertEquals(1398, VirtioNetHeader.gsoSizeBytes(seg, 0));
        assertEquals(116, VirtioNetHeader.headerBytes(seg, 0));
        assertEquals(84, VirtioNetHeader.checksumStart(seg, 0));
        assertEquals(34, VirtioNetHeader.outerTransportOffset(seg, 0));
        assertEquals(64, VirtioNetHeader.innerNetworkOffset(seg, 0));
        int frameAt = VirtioNetHeader.TUNNEL_BYTES;
        assertEquals(VxlanHeader.UDP_PORT, UdpHeader.destinationPort(seg, frameAt + 34L));
        assertEquals(4, Ipv4Header.version(seg, frameAt + 64L));
    }

    @Test
    void writesWhatLinuxWrote() {
        for (int i = 0; i < 4; i++) {
            int size = i == 2
                    ? VirtioNetHeader.LEGACY_BYTES
                    : i == 3 ? VirtioNetHeader.TUNNEL_BYTES : VirtioNetHeader.BYTES;
            MemorySegment linux = Hex.segment(LINUX.get(i));
            MemorySegment ours = Hex.segment(new byte[size]);
            ours.fill((byte) 0xee);
            VirtioNetHeader.clear(ours, 0, size);
            VirtioNetHeader.setFlags(ours, 0, VirtioNetHeader.flags(linux, 0));
            VirtioNetHeader.setGso(
                    ours,
                    0,
                    VirtioNetHeader.gsoType(linux, 0),
                    VirtioNetHeader.gsoSizeBytes(linux, 0),
                    VirtioNetHeader.headerBytes(linux, 0));
            VirtioNetHeader.setChecksum(
                    ours, 0, VirtioNetHeader.checksumStart(linux, 0), VirtioNetHeader.checksumOffset(linux, 0));
            if (size == VirtioNetHeader.TUNNEL_BYTES) {
                VirtioNetHeader.setTunnelOffsets(ours, 0, 34, 64);
            }
            assertArrayEquals(Arrays.copyOf(LINUX.get(i), size), Hex.bytes(ours, 0, size), "header " + i);
        }
    }

    @Test
    void clearingStaysInsideTheHeader() {
        for (int size : new int[] {10, 12, 24}) {
            MemorySegment seg = Hex.segment(new byte[size]);
            seg.fill((byte) 0xee);
            VirtioNetHeader.clear(seg, 0, size);
            assertArrayEquals(new byte[size], Hex.bytes(seg, 0, size));
        }
        MemorySegment seg = Hex.segment(new byte[12]);
        VirtioNetHeader.setBuffers(seg, 0, 0x0102);
        assertEquals(0x0102, VirtioNetHeader.buffers(seg, 0));
        assertEquals(2, NetworkOrder.getU8(seg, 10), "lowest byte first");
    }
}
