package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.testing.Tcpdump;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class Ipv4FragmenterTest {

    private static final int FRAMES = 128;

    private final FramePool pool = new FramePool(FRAMES, FramePool.JUMBO_BUFFER_BYTES);
    private final FrameBatch fragments = new FrameBatch(FRAMES);

    @AfterEach
    void everyFrameComesBack() {
        fragments.releaseAll(pool);
        assertEquals(FRAMES, pool.free());
        pool.close();
    }

    private void fragment(Frame frame, int mtuBytes) {
        fragments.releaseAll(pool);
        byte[] before = Hex.bytes(frame);
        assertNull(Ipv4Fragmenter.fragment(frame, mtuBytes, pool, fragments));
        assertArrayEquals(before, Hex.bytes(frame));
    }

    private void assertFails(DropReason expected, Frame frame, int mtuBytes) {
        assertEquals(expected, Ipv4Fragmenter.fragment(frame, mtuBytes, pool, fragments));
        assertTrue(fragments.isEmpty());
        assertEquals(FRAMES, pool.free());
    }

    /** Puts the fragments together again, checking each one's header on the way, and gives back the payload. */
    private byte[] reassemble(Frame original, int mtuBytes) {
        int originalOffset = Ipv4Header.fragmentOffsetBytes(original.segment(), original.l3At());
        boolean originalMore = Ipv4Header.moreFragments(original.segment(), original.l3At());
        byte[] payload = new byte[Ipv4Header.payloadBytes(original.segment(), original.l3At())];
        int expectedOffset = originalOffset;
        for (int i = 0; i < fragments.size(); i++) {
            Frame fragment = fragments.get(i);
            boolean last = i == fragments.size() - 1;
            int at = fragment.l3At();
            assertNull(Ipv4Header.check(fragment.segment(), at, fragment.end() - at));
            assertTrue(Ipv4Header.checksumIsValid(fragment.segment(), at));
            int totalBytes = Ipv4Header.totalLength(fragment.segment(), at);
            assertEquals(fragment.end(), at + totalBytes, "no padding");
            assertTrue(totalBytes <= mtuBytes);
            assertEquals(expectedOffset, Ipv4Header.fragmentOffsetBytes(fragment.segment(), at));
            assertEquals(!last || originalMore, Ipv4Header.moreFragments(fragment.segment(), at));
            assertFalse(Ipv4Header.dontFragment(fragment.segment(), at));
            int dataBytes = Ipv4Header.payloadBytes(fragment.segment(), at);
            assertTrue(last || dataBytes % 8 == 0 && dataBytes > 0);
            byte[] data = Hex.bytes(fragment.segment(), fragment.end() - (long) dataBytes, dataBytes);
            System.arraycopy(data, 0, payload, expectedOffset - originalOffset, dataBytes);
            expectedOffset += dataBytes;
            assertEquals(
                    Ipv4Header.identification(original.segment(), original.l3At()),
                    Ipv4Header.identification(fragment.segment(), at));
            assertEquals(Ipv4Header.tos(original.segment(), original.l3At()), Ipv4Header.tos(fragment.segment(), at));
            assertEquals(Ipv4Header.ttl(original.segment(), original.l3At()), Ipv4Header.ttl(fragment.segment(), at));
            assertEquals(
                    Ipv4Header.protocol(original.segment(), original.l3At()),
                    Ipv4Header.protocol(fragment.segment(), at));
            int linkBytes = original.l3At() - original.start();
            assertArrayEquals(
                    Hex.bytes(original.segment(), original.start(), linkBytes),
                    Hex.bytes(fragment.segment(), fragment.start(), linkBytes));
            assertEquals(i == 0 ? original.l4At() : 0, fragment.l4At());
        }
        assertEquals(originalOffset + payload.length, expectedOffset);
        return payload;
    }

    private static byte[] payload(Frame frame) {
        int bytes = Ipv4Header.payloadBytes(frame.segment(), frame.l3At());
        int at = frame.l3At() + Ipv4Header.headerBytes(frame.segment(), frame.l3At());
        return Hex.bytes(frame.segment(), at, bytes);
    }

    @Test
    void cutsWhereRfc791Says() {
        // 452 bytes of data at an MTU of 280: 256 (the multiple of 8 below 260) and 196; RFC 791, section 2.3
        Frame frame = Layers.set(Frames.ipv4()
                .identification(111)
                .protocol(IpProtocol.UDP)
                .payload(452)
                .frame());
        fragment(frame, 280);
        assertEquals(2, fragments.size());
        assertEquals(
                "4500 0114 006f 2000 4011", Hex.text(Hex.bytes(fragments.get(0).segment(), frame.l3At(), 10)));
        assertEquals(
                "4500 00d8 006f 0020 4011", Hex.text(Hex.bytes(fragments.get(1).segment(), frame.l3At(), 10)));
        assertArrayEquals(payload(frame), reassemble(frame, 280));
    }

    @Test
    void tcpdumpFindsNothingWrong() throws IOException, InterruptedException {
        Frame frame = Layers.set(Frames.aToB()
                .vlan(7)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .payload(3000)
                .frame());
        fragment(frame, 1446);
        List<byte[]> bytes = new ArrayList<>();
        for (int i = 0; i < fragments.size(); i++) {
            bytes.add(Hex.bytes(fragments.get(i)));
        }
        List<String> decoded = Tcpdump.decode(bytes);
        assertEquals(3, decoded.size());
        for (String text : decoded) {
            assertTrue(text.contains("vlan 7"), text);
            assertFalse(text.contains("bad cksum"), text);
        }
        assertTrue(decoded.get(0).contains("offset 0, flags [+]"), decoded.get(0));
        assertTrue(decoded.get(1).contains("offset 1424, flags [+]"), decoded.get(1));
        assertTrue(decoded.get(2).contains("offset 2848, flags [none]"), decoded.get(2));
    }

    @Test
    void laterFragmentsCarryTheCopiedOptionsOnly() {
        // record route (7, not copied), NOP, security (0x82, copied, 11 bytes), loose source route (0x83, copied, 7),
        // end
        String options = "0707 04 00000000 01 820b 0000000000000000 00 8307 04 0a000001";
        Frame frame = Layers.set(Frames.ipv4()
                .ipOptions(options)
                .protocol(IpProtocol.UDP)
                .payload(300)
                .frame());
        fragment(frame, 160);
        assertArrayEquals(payload(frame), reassemble(frame, 160));
        Frame first = fragments.get(0);
        int headerBytes = Ipv4Header.headerBytes(frame.segment(), frame.l3At());
        assertEquals(headerBytes, Ipv4Header.headerBytes(first.segment(), first.l3At()));
        assertArrayEquals(
                Hex.bytes(frame.segment(), frame.l3At() + 20L, headerBytes - 20),
                Hex.bytes(first.segment(), first.l3At() + 20L, headerBytes - 20));
        for (int i = 1; i < fragments.size(); i++) {
            Frame later = fragments.get(i);
            assertEquals(40, Ipv4Header.headerBytes(later.segment(), later.l3At()));
            assertArrayEquals(
                    Hex.bytes("820b 0000000000000000 00 8307 04 0a000001 0000"),
                    Hex.bytes(later.segment(), later.l3At() + 20L, 20));
        }
    }

    @Test
    void aFragmentIsCutFurther() {
        for (boolean more : new boolean[] {false, true}) {
            Frame frame = Layers.set(Frames.ipv4()
                    .fragment(2960, more)
                    .protocol(IpProtocol.UDP)
                    .payload(more ? 1480 : 1001)
                    .frame());
            fragment(frame, 576);
            assertArrayEquals(payload(frame), reassemble(frame, 576));
        }
    }

    @Test
    void whatFitsBecomesOneCopy() {
        Frame frame = Layers.set(Frames.udpv4().payload(100).padTo(200).frame());
        fragment(frame, 128);
        assertEquals(1, fragments.size());
        assertArrayEquals(payload(frame), reassemble(frame, 128));
        fragment(frame, 127);
        assertEquals(2, fragments.size());
    }

    @Test
    void aPartialChecksumIsCompletedFirst() {
        Frame frame = Layers.set(Frames.udpv4().payload(2000).partialChecksum().frame());
        assertNull(Ipv4Fragmenter.fragment(frame, 1450, pool, fragments));
        assertEquals(Frame.CSUM_VALID, frame.checksumState());
        byte[] whole = reassemble(frame, 1450);
        assertArrayEquals(payload(frame), whole);
        assertTrue(Checksum.transportIsValid(
                frame.segment(), frame.l3At(), IpProtocol.UDP, frame.l4At(), frame.end() - frame.l4At()));
        assertEquals(Frame.CSUM_UNKNOWN, fragments.get(0).checksumState());
    }

    @Test
    void fragmentsAreDescribedAsTheOriginal() {
        Frame frame = Layers.set(Frames.udpv4().payload(2000).frame());
        frame.setInPort(9);
        frame.setFlowHash(77);
        frame.setTunnel(42, TunnelFlags.VXLAN);
        fragment(frame, 1450);
        for (int i = 0; i < fragments.size(); i++) {
            assertEquals(9, fragments.get(i).inPort());
            assertEquals(77, fragments.get(i).flowHash());
            assertEquals(42, fragments.get(i).tunnelId());
        }
    }

    @Test
    void saysWhenItCannot() {
        Frame dontFragment = Layers.set(Frames.tcpv4().payload(2000).frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, dontFragment, 1450);
        Frame ipv6 = Layers.set(Frames.udpv6().payload(2000).frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, ipv6, 1450);
        Frame arp = Layers.set(
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, arp, 28);
        Frame noRoom = Layers.set(Frames.udpv4().payload(2000).frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, noRoom, 27);
        assertFails(DropReason.FRAGMENTATION_FAILED, noRoom, 0);
        assertFails(DropReason.FRAGMENTATION_FAILED, noRoom, 28); // more fragments than buffers
        Frame superframe = Layers.set(Frames.ipv4()
                .udp(1, 2)
                .payload(4000)
                .gso(Frame.GSO_UDP_L4, 1000)
                .frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, superframe, 1450);
        Frame beyondTheEnd = Layers.set(Frames.ipv4()
                .fragment(65_528, false)
                .protocol(IpProtocol.UDP)
                .payload(100)
                .frame());
        assertFails(DropReason.FRAGMENTATION_FAILED, beyondTheEnd, 60);
        Frame tooShort = Layers.set(Frames.udpv4().payload(2000).truncate(1000).frame());
        assertFails(DropReason.IPV4_BAD_TOTAL_LENGTH, tooShort, 500);
        Frame lies = Layers.set(Frames.udpv4().payload(2000).partialChecksum().frame());
        lies.setChecksum(Frame.CSUM_PARTIAL, lies.end() - 1, 6);
        assertFails(DropReason.OFFLOAD_INVALID, lies, 1450);
    }

    @Test
    void refusesOptionsThatDoNotFitTheirHeader() {
        for (String options : List.of("0700 0000", "0701 0000", "0705 0000", "01010182", "8205 0000")) {
            Frame frame = Layers.set(Frames.ipv4()
                    .ipOptions(options)
                    .protocol(IpProtocol.UDP)
                    .payload(2000)
                    .frame());
            assertFails(DropReason.FRAGMENTATION_FAILED, frame, 1450);
        }
    }

    @Test
    void takesNothingWhenBuffersOrBatchAreShort() {
        Frame frame = Layers.set(Frames.udpv4().payload(4000).frame());
        try (FramePool two = new FramePool(2, FramePool.JUMBO_BUFFER_BYTES);
                FramePool small = new FramePool(8, 512)) {
            assertEquals(DropReason.FRAGMENTATION_FAILED, Ipv4Fragmenter.fragment(frame, 1450, two, fragments));
            assertEquals(2, two.free());
            FrameBatch full = new FrameBatch(2);
            assertEquals(DropReason.FRAGMENTATION_FAILED, Ipv4Fragmenter.fragment(frame, 1450, pool, full));
            assertTrue(full.isEmpty());
            assertEquals(DropReason.FRAGMENTATION_FAILED, Ipv4Fragmenter.fragment(frame, 1450, small, fragments));
            assertEquals(8, small.free());
            assertTrue(fragments.isEmpty());
        }
    }

    @Test
    void anyPacketComesTogetherAgain() {
        RandomGenerator random = Seed.random(Ipv4FragmenterTest.class);
        String[] options = {
            "", "94040000", "01010101", "0707 04 00000000 01", "820b 0000000000000000 00 01", "00", "44040000 8304 0400"
        };
        for (int i = 0; i < 1000; i++) {
            FrameBuilder builder = Frames.aToB();
            for (int tags = random.nextInt(3); tags > 0; tags--) {
                builder.vlan(random.nextInt(4096));
            }
            builder.ipv4(Frames.IP4_A, Frames.IP4_B)
                    .identification(random.nextInt(65_536))
                    .ttl(random.nextInt(256))
                    .tos(random.nextInt(256))
                    .ipOptions(options[random.nextInt(options.length)]);
            if (random.nextBoolean()) {
                builder.fragment(random.nextInt(5000) * 8, random.nextBoolean());
            }
            byte[] data = new byte[random.nextInt(9000)];
            random.nextBytes(data);
            Frame frame =
                    Layers.set(builder.protocol(IpProtocol.UDP).payload(data).frame());
            int mtuBytes = random.nextInt(160, 9001);
            fragment(frame, mtuBytes);
            assertArrayEquals(data, reassemble(frame, mtuBytes));
        }
    }

    @Test
    void anyDamagedFrameIsSurvived() {
        RandomGenerator random = Seed.random(Ipv4FragmenterTest.class);
        RandomFrames frames = new RandomFrames(random);
        int cut = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = frames.mutated();
            Frame frame = Hex.frame(Arrays.copyOf(bytes, Math.max(bytes.length, 14)), 0);
            frame.setLayers(frame.start() + 14, frame.start() + 34);
            cut += Ipv4Fragmenter.fragment(frame, random.nextInt(28, 600), pool, fragments) == null ? 1 : 0;
            fragments.releaseAll(pool);
            assertEquals(FRAMES, pool.free());
        }
        assertTrue(cut > 0, cut + " of the damaged frames could still be cut");
    }

    @Test
    void aWrongHeaderChecksumIsNotMadeRight() {
        Frame frame = Layers.set(Frames.udpv4().payload(2_000).poke(24, "dead").frame());
        assertEquals(DropReason.IPV4_BAD_CHECKSUM, Ipv4Fragmenter.fragment(frame, 1_450, pool, fragments));
        assertTrue(fragments.isEmpty());
    }
}
