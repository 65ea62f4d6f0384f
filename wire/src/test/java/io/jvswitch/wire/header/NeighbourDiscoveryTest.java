package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NeighbourDiscoveryTest {

    private static final int IP = 14;
    private static final int AT = 54;
    private static final String SOLICITED_NODE_B = "ff02::1:ff00:b";

    private static @Nullable DropReason check(byte[] frame) {
        return NeighbourDiscovery.check(Hex.segment(frame), IP, AT, frame.length - AT);
    }

    private static @Nullable DropReason check(FrameBuilder frame) {
        return check(frame.bytes());
    }

    @Test
    void readsASolicitationThatLinuxSent() {
        byte[] frame = Captures.frames("linux-nd-ping").get(0);
        MemorySegment seg = Hex.segment(frame);
        int length = frame.length - AT;
        assertNull(check(frame));
        assertEquals(Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION, Icmpv6Header.type(seg, AT));
        assertEquals(0x2001_0db8_0000_0000L, NeighbourDiscovery.targetHi(seg, AT));
        assertEquals(0xb, NeighbourDiscovery.targetLo(seg, AT));
        long option = NeighbourDiscovery.findOption(seg, AT, length, NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER);
        assertEquals(AT + 24, option);
        assertEquals(8, NeighbourDiscovery.optionBytes(seg, option));
        assertEquals(0x0200_0000_000aL, NeighbourDiscovery.optionMac(seg, option));
        assertEquals(-1, NeighbourDiscovery.findOption(seg, AT, length, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER));
    }

    @Test
    void writesTheSameAdvertisementAsLinux() {
        byte[] linux = Captures.frames("linux-nd-ping").get(1);
        MemorySegment ours = Hex.segment(linux);
        int length = linux.length - AT;
        assertNull(check(linux));
        assertEquals(
                NeighbourDiscovery.FLAG_SOLICITED | NeighbourDiscovery.FLAG_OVERRIDE,
                NeighbourDiscovery.flags(ours, AT));
        ours.asSlice(AT, length).fill((byte) 0xee);
        NeighbourDiscovery.write(
                ours,
                AT,
                Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT,
                NeighbourDiscovery.FLAG_SOLICITED | NeighbourDiscovery.FLAG_OVERRIDE,
                0x2001_0db8_0000_0000L,
                0xb);
        NeighbourDiscovery.writeLinkLayerOption(
                ours, AT + 24, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER, 0x0200_0000_000bL);
        Checksum.setTransport(ours, IP, IpProtocol.ICMPV6, AT, length);
        assertArrayEquals(linux, Hex.bytes(ours, 0, linux.length));
    }

    @Test
    void duplicateAddressDetectionAndBareAdvertisementsAreValid() {
        assertNull(check(Captures.frames("linux-nd-ping").get(4)));
        assertNull(check(Captures.frames("linux-nd-ping").get(5)));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] frame = Captures.frames("linux-nd-ping").get(0);
        for (int length = 0; length < frame.length - AT; length++) {
            MemorySegment cut = Hex.segment(java.util.Arrays.copyOf(frame, AT + length));
            DropReason expected = length == NeighbourDiscovery.BYTES ? null : DropReason.ND_INVALID;
            assertEquals(expected, NeighbourDiscovery.check(cut, IP, AT, length), "cut to " + length);
        }
    }

    @Test
    void theRulesOfRfc4861Hold() {
        FrameBuilder hop =
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).ttl(254);
        assertEquals(DropReason.ND_INVALID, check(hop), "a hop limit other than 255: came through a router");
        byte[] code =
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).bytes();
        code[AT + 1] = 1;
        assertEquals(DropReason.ND_INVALID, check(code), "a code other than 0");
        byte[] option =
                Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A).bytes();
        option[AT + 25] = 0;
        assertEquals(DropReason.ND_INVALID, check(option), "an option of length 0");
        option[AT + 25] = 2;
        assertEquals(DropReason.ND_INVALID, check(option), "an option beyond the message");
        assertEquals(
                DropReason.ND_INVALID,
                check(Frames.ipv6().neighbourSolicitation("ff02::1", Frames.MAC_A)),
                "a multicast target");
        assertEquals(
                DropReason.ND_INVALID,
                check(Frames.aToB()
                        .ipv6("ff02::1", SOLICITED_NODE_B)
                        .neighbourSolicitation(Frames.IP6_B, Frames.MAC_A)),
                "a multicast source");
    }

    private static FrameBuilder router(String source, int type) {
        return Frames.aToB().ipv6(source, "ff02::1").ttl(255).icmpv6(type, 0, 0);
    }

    /** RFC 4861, sections 6.1.1, 6.1.2 and 8.1. */
    @Test
    void theRulesForRoutersHold() {
        String option = "0101 02000000000a";
        String lifetimes = "0000000000000000";
        assertNull(check(router("fe80::1", 133).payload(option)));
        assertNull(check(router("::", 133)));
        assertEquals(DropReason.ND_INVALID, check(router("::", 133).payload(option)));
        assertNull(check(router("fe80::1", 134).payload(lifetimes + option)));
        assertEquals(
                DropReason.ND_INVALID, check(router("2001:db8::1", 134).payload(lifetimes)), "no link-local source");
        assertEquals(DropReason.ND_INVALID, check(router("fe80::1", 134)), "cut short");
        assertEquals(
                DropReason.ND_INVALID, check(router("fe80::1", 134).payload(lifetimes + "0100")), "option of length 0");
        assertEquals(
                DropReason.ND_INVALID, check(router("fe80::1", 134).ttl(254).payload(lifetimes)), "from elsewhere");
        String target = "fe800000000000000000000000000001";
        String about = "20010db8000000000000000000000009";
        assertNull(check(router("fe80::1", 137).payload(target + about)));
        assertEquals(DropReason.ND_INVALID, check(router("fe80::1", 137).payload(target)));
        assertEquals(DropReason.ND_INVALID, check(router("2001:db8::1", 137).payload(target + about)));
        String group = "ff020000000000000000000000000001";
        assertEquals(DropReason.ND_INVALID, check(router("fe80::1", 137).payload(target + group)));
    }

    /** Linux discards the one; of the others receivers choose as they like. */
    @Test
    void linkLayerAddressesAreEthernetsAndAgree() {
        FrameBuilder bare = Frames.ipv6().neighbourSolicitation(Frames.IP6_B, null);
        assertEquals(DropReason.ND_INVALID, check(bare.payload("0102 02000000000a 0000000000000000")));
        FrameBuilder first = Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A);
        assertNull(check(first.payload("0101 02000000000a")));
        FrameBuilder second = Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A);
        assertEquals(DropReason.ND_INVALID, check(second.payload("0101 02000000000b")));
        FrameBuilder other = Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A);
        assertNull(check(other.payload("0e01 02000000000b")), "a nonce (RFC 7527)");
    }

    @Test
    void aSolicitationFromNowhereMustGoToTheSolicitedNode() {
        assertNull(check(Frames.aToB().ipv6("::", SOLICITED_NODE_B).neighbourSolicitation(Frames.IP6_B, null)));
        assertEquals(
                DropReason.ND_INVALID,
                check(Frames.aToB().ipv6("::", Frames.IP6_B).neighbourSolicitation(Frames.IP6_B, null)));
        assertEquals(
                DropReason.ND_INVALID,
                check(Frames.aToB().ipv6("::", SOLICITED_NODE_B).neighbourSolicitation(Frames.IP6_B, Frames.MAC_A)),
                "and carry no source link-layer address");
    }

    @Test
    void aMulticastAdvertisementIsNeverSolicited() {
        int override = NeighbourDiscovery.FLAG_OVERRIDE;
        int solicited = NeighbourDiscovery.FLAG_SOLICITED | override;
        FrameBuilder unsolicited = Frames.aToB()
                .ipv6(Frames.IP6_A, "ff02::1")
                .neighbourAdvertisement(Frames.IP6_A, override, Frames.MAC_A);
        assertNull(check(unsolicited));
        FrameBuilder wrong = Frames.aToB()
                .ipv6(Frames.IP6_A, "ff02::1")
                .neighbourAdvertisement(Frames.IP6_A, solicited, Frames.MAC_A);
        assertEquals(DropReason.ND_INVALID, check(wrong));
    }

    @Test
    void reservedBitsAreIgnored() {
        byte[] frame = Frames.ipv6()
                .neighbourAdvertisement(Frames.IP6_B, 0x1fff_ffff, Frames.MAC_B)
                .bytes();
        assertNull(check(frame));
    }

    @Test
    void solicitedNodeAddresses() {
        IpAddress address = IpAddress.parse("2001:db8::1234:5678");
        long lo = NeighbourDiscovery.solicitedNodeLo(address.lo());
        assertEquals("ff02::1:ff34:5678", IpAddress.toString(NeighbourDiscovery.SOLICITED_NODE_HI, lo));
        assertTrue(NeighbourDiscovery.isSolicitedNode(NeighbourDiscovery.SOLICITED_NODE_HI, lo));
        assertFalse(NeighbourDiscovery.isSolicitedNode(NeighbourDiscovery.SOLICITED_NODE_HI, 1));
        assertFalse(NeighbourDiscovery.isSolicitedNode(address.hi(), lo));
    }
}
