package io.jvswitch.encap.mtu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ICMP errors about tunnel packets, byte for byte as a Linux router sends them (RFC 792, RFC 1191, RFC 4443). */
final class PathMtuErrorTest {
    private static final IpAddress LEFT4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress RIGHT4 = IpAddress.parse("192.0.2.2");
    private static final IpAddress LEFT6 = IpAddress.parse("fd00:c0::1");
    private static final IpAddress RIGHT6 = IpAddress.parse("fd00:c0::2");
    private static final long MAC = 0x02_00_00_00_00_01L;
    /** Destination, source, a tag of VLAN 5. */
    private static final String INNER = "020000000002 020000000001 8100 0005 0800";

    private static final String VXLAN = "c000 12b5 05c8 0000 0800000000002a00";
    private static final String GRE_KEY = "2000 6558 0000004d";
    private static final String GRE = "0000 6558";

    /** From a router 203.0.113.2: a packet of 1500 bytes from 192.0.2.1 to 192.0.2.2, the next link takes 1400. */
    private static MemorySegment icmp(int type, int code, String protocol, String quoted) {
        String packet = "4500 05dc 1234 4000 3f " + protocol + " 0000 c0000201 c0000202" + quoted;
        byte[] inner = Hex.bytes(packet.replace(" ", ""));
        byte[] bytes = Hex.bytes(("4500 %04x 0000 4000 40 01 0000 cb007102 c0000201".formatted(28 + inner.length)
                        + "%02x%02x 0000 0000 0578".formatted(type, code)
                        + packet)
                .replace(" ", ""));
        MemorySegment message = MemorySegment.ofArray(bytes);
        IcmpHeader.setChecksum(message, 20, Checksum.finish(Checksum.sum(message, 20, bytes.length - 20)));
        return message;
    }

    private static MemorySegment icmpv6(int type, String nextHeader, String quoted) {
        return MemorySegment.ofArray(Hex.bytes(("%02x00 0000 00000578".formatted(type)
                        + "6000 0000 05b4" + nextHeader + "3f fd0000c0000000000000000000000001"
                        + "fd0000c0000000000000000000000002" + quoted)
                .replace(" ", "")));
    }

    @Test
    void vxlan() {
        PathMtuError expected = new PathMtuError(LEFT4, RIGHT4, 1400, 1500, TunnelKind.VXLAN, 0xc000, 4789, 42, MAC, 5);
        assertEquals(expected, PathMtuError.read(icmp(3, 4, "11", VXLAN + INNER), true));
        expected = new PathMtuError(LEFT6, RIGHT6, 1400, 1500, TunnelKind.VXLAN, 0xc000, 4789, 42, MAC, 5);
        assertEquals(expected, PathMtuError.read(icmpv6(2, "11", VXLAN + INNER), false));
    }

    @Test
    void gre() {
        PathMtuError expected = new PathMtuError(LEFT4, RIGHT4, 1400, 1500, TunnelKind.GRE, 0, 0, 77, MAC, 5);
        assertEquals(expected, PathMtuError.read(icmp(3, 4, "2f", GRE_KEY + INNER), true));
        expected = new PathMtuError(LEFT6, RIGHT6, 1400, 1500, TunnelKind.GRE, 0, 0, PathMtuError.KEYLESS, MAC, 5);
        assertEquals(expected, PathMtuError.read(icmpv6(2, "2f", GRE + INNER), false));
    }

    /** RFC 792 has a router quote 8 bytes behind the IP header. */
    @Test
    void theLeastThatARouterQuotes() {
        PathMtuError vxlan = PathMtuError.read(icmp(3, 4, "11", VXLAN.substring(0, 19)), true);
        assertNotNull(vxlan);
        assertEquals(PathMtuError.UNQUOTED, vxlan.id());
        assertEquals(PathMtuError.UNQUOTED, vxlan.guestMac());
        PathMtuError gre = PathMtuError.read(icmp(3, 4, "2f", GRE_KEY), true);
        assertNotNull(gre);
        assertEquals(77, gre.id());
        assertEquals(PathMtuError.UNQUOTED, gre.guestMac());
        assertEquals(0, gre.guestVlan());
    }

    @Test
    void anythingElseIsNone() {
        assertNull(PathMtuError.read(icmp(3, 3, "11", VXLAN), true), "port unreachable");
        assertNull(PathMtuError.read(icmp(11, 4, "11", VXLAN), true), "time exceeded");
        assertNull(PathMtuError.read(icmp(3, 4, "01", VXLAN), true), "a ping");
        assertNull(PathMtuError.read(icmp(3, 4, "2f", "0000 0800 45000000"), true), "GRE with IPv4 inside");
        assertNull(PathMtuError.read(icmp(3, 4, "2f", "a000 6558 00000000"), true), "with a checksum");
        assertNull(PathMtuError.read(icmpv6(1, "11", VXLAN), false), "unreachable");
        assertNull(PathMtuError.read(icmpv6(2, "2c", VXLAN), false), "a fragment");
        MemorySegment damaged = icmp(3, 4, "11", VXLAN);
        damaged.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 27, (byte) 0);
        assertNull(PathMtuError.read(damaged, true), "checksum");
        MemorySegment later = icmp(3, 4, "11", VXLAN);
        later.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 35, (byte) 1);
        IcmpHeader.setChecksum(later, 20, 0);
        IcmpHeader.setChecksum(later, 20, Checksum.finish(Checksum.sum(later, 20, (int) later.byteSize() - 20)));
        assertNull(PathMtuError.read(later, true), "a later fragment");
    }

    @Test
    void everyTruncationAndAnyDamageIsSurvived() {
        long seed = Long.getLong("jvswitch.seed", System.nanoTime());
        System.out.println("PathMtuErrorTest: repeat with -Djvswitch.seed=" + seed);
        Random random = new Random(seed);
        for (MemorySegment message :
                new MemorySegment[] {icmp(3, 4, "11", VXLAN + INNER), icmp(3, 4, "2f", GRE_KEY + INNER)}) {
            for (int length = 0; length < message.byteSize(); length++) {
                assertNull(PathMtuError.read(message.asSlice(0, length), true), "checksum or length");
            }
        }
        for (MemorySegment message : new MemorySegment[] {
            icmpv6(2, "11", VXLAN + INNER), icmpv6(2, "2f", GRE_KEY + INNER), icmpv6(2, "2f", GRE + INNER)
        }) {
            for (int length = 0; length < message.byteSize(); length++) {
                PathMtuError read = PathMtuError.read(message.asSlice(0, length), false);
                assertEquals(length < 56, read == null);
            }
        }
        for (int i = 0; i < 20_000; i++) {
            boolean ipv4 = random.nextBoolean();
            byte[] bytes = (ipv4 ? icmp(3, 4, "2f", GRE_KEY + INNER) : icmpv6(2, "11", VXLAN + INNER))
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            MemorySegment message = MemorySegment.ofArray(bytes);
            if (ipv4) {
                IcmpHeader.setChecksum(message, 20, 0);
                IcmpHeader.setChecksum(message, 20, Checksum.finish(Checksum.sum(message, 20, bytes.length - 20)));
            }
            PathMtuError.read(message.asSlice(0, random.nextInt(bytes.length + 1)), ipv4);
        }
    }
}
