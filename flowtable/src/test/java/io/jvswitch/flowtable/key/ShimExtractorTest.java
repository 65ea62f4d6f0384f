package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers between Ethernet and the packet, and what else only some frames have. */
class ShimExtractorTest {

    private static final int HEADER_BYTES = 14;

    private final FlowKey key = new FlowKey();

    private FlowKey extract(FrameBuilder builder) {
        assertNull(FlowExtractor.extract(builder.frame(), key));
        return key;
    }

    private static FrameBuilder mpls(String hex) {
        return Frames.aToB().etherType(EtherType.MPLS_UNICAST).payload(hex);
    }

    @ParameterizedTest
    @ValueSource(ints = {EtherType.MPLS_UNICAST, EtherType.MPLS_MULTICAST})
    void oneLabel(int type) {
        // Label 0x12345, traffic class 5, bottom of stack, TTL 64 (RFC 3032, section 2.1).
        extract(Frames.aToB().etherType(type).payload("12345b40" + "ffffffff"));
        assertEquals(type, key.ethType());
        assertEquals(0x12345, key.get(FlowField.MPLS_LABEL));
        assertEquals(5, key.get(FlowField.MPLS_TC));
        assertEquals(1, key.get(FlowField.MPLS_BOS));
        assertEquals(64, key.get(FlowField.MPLS_TTL));
        assertEquals(0, key.get(FlowField.MPLS_LSE_1), "behind the bottom is no label");
        assertEquals(0, key.get(FlowField.IP_SRC), "nor is it looked behind");
    }

    @Test
    void theStackAsFarAsItGoesAndTheKeyHolds() {
        extract(mpls("00001040" + "0000213f" + "ffffffff"));
        assertEquals(1, key.get(FlowField.MPLS_LABEL));
        assertEquals(0, key.get(FlowField.MPLS_BOS));
        assertEquals(0x0000_213fL, key.get(FlowField.MPLS_LSE_1));
        assertEquals(0, key.get(FlowField.MPLS_LSE_2));
        extract(mpls("00001040" + "00002040" + "00003040" + "00004140"));
        assertEquals(0x0000_2040L, key.get(FlowField.MPLS_LSE_1));
        assertEquals(0x0000_3040L, key.get(FlowField.MPLS_LSE_2));
    }

    @Test
    void aStackThatIsCutShortEndsThere() {
        byte[] whole = mpls("fffff040" + "fffff040" + "fffff140").bytes();
        for (int length = HEADER_BYTES; length <= whole.length; length++) {
            extract(mpls("fffff040" + "fffff040" + "fffff140").truncate(length));
            int entries = (length - HEADER_BYTES) / 4;
            assertEquals(entries > 0 ? 0xfffff : 0, key.get(FlowField.MPLS_LABEL));
            assertEquals(entries > 1 ? 0xffff_f040L : 0, key.get(FlowField.MPLS_LSE_1));
            assertEquals(entries > 2 ? 0xffff_f140L : 0, key.get(FlowField.MPLS_LSE_2));
        }
    }

    // RFC 8300, section 2: flags O, TTL 63, length 6 words, MD type 1, next protocol Ethernet, path 0x123456, index
    // 255.
    private static final String NSH_MD1 = "2fc60103" + "123456ff" + "11111111" + "22222222" + "33333333" + "44444444";

    @Test
    void nshOfBothMetadataTypes() {
        extract(Frames.aToB().etherType(EtherType.NSH).payload(NSH_MD1));
        assertEquals(2, key.get(FlowField.NSH_FLAGS));
        assertEquals(63, key.get(FlowField.NSH_TTL));
        assertEquals(1, key.get(FlowField.NSH_MDTYPE));
        assertEquals(3, key.get(FlowField.NSH_NP));
        assertEquals(0x12_3456, key.get(FlowField.NSH_SPI));
        assertEquals(255, key.get(FlowField.NSH_SI));
        assertEquals(0x1111_1111L, key.get(FlowField.NSH_C1));
        assertEquals(0x2222_2222L, key.get(FlowField.NSH_C2));
        assertEquals(0x3333_3333L, key.get(FlowField.NSH_C3));
        assertEquals(0x4444_4444L, key.get(FlowField.NSH_C4));
        extract(Frames.aToB().etherType(EtherType.NSH).payload("0fc30203" + "00000a01" + "11111111"));
        assertEquals(2, key.get(FlowField.NSH_MDTYPE));
        assertEquals(10, key.get(FlowField.NSH_SPI));
        assertEquals(0, key.get(FlowField.NSH_C1), "context of another kind");
    }

    @Test
    void nshThatIsNotSoundHasNoFields() {
        for (int length = HEADER_BYTES; length < HEADER_BYTES + NSH_MD1.length() / 2; length++) {
            extract(Frames.aToB().etherType(EtherType.NSH).payload(NSH_MD1).truncate(length));
            assertEquals(0, key.get(FlowField.NSH_TTL));
            assertEquals(0, key.get(FlowField.NSH_C1));
        }
        extract(Frames.aToB().etherType(EtherType.NSH).payload("6fc6" + NSH_MD1.substring(4)));
        assertEquals(0, key.get(FlowField.NSH_SPI), "version 1");
    }

    @Test
    void theServiceInstanceOfAProviderBackboneBridge() {
        extract(Frames.aToB().vlan(EtherType.SERVICE_VLAN, 5).etherType(0x88e7).payload("e0abcdef" + "020000000001"));
        assertEquals(0xab_cdef, key.get(FlowField.PBB_ISID));
        assertEquals(0x1005, key.vlanTci());
        extract(Frames.aToB().etherType(0x88e7).payload("e0abcd"));
        assertEquals(0, key.get(FlowField.PBB_ISID));
    }

    /** Protocols of the extension headers in order, and the bits of OpenFlow 1.5.1, section 7.2.3.8. */
    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "'0', 0x40",
        "'60', 0x08",
        "'0 60 43 60', 0x68",
        "'60 60', 0x08",
        "'60 60 60', 0x88",
        "'43 43', 0xa0",
        "'60 0', 0x148",
        "'43 0', 0x160",
        "'51 43', 0x124",
        "'0 0', 0xc0",
        "'135', 0",
        "'0 51 60', 0x4c",
    })
    void extensionHeaders(String chain, String bits) {
        FrameBuilder builder = Frames.ipv6();
        for (String protocol : chain.isEmpty() ? new String[0] : chain.split(" ", -1)) {
            boolean ah = protocol.equals("51");
            // Padding; an authentication header counts in units of four bytes.
            builder = builder.extension(Integer.parseInt(protocol), ah ? "00000000000100000002" : "010400000000");
        }
        Frame frame = builder.udp(1, 2).frame();
        assertNull(FlowExtractor.extract(frame, key), chain);
        assertEquals(Long.decode(bits), key.get(FlowField.IPV6_EXTHDR), chain);
        assertEquals(IpProtocol.UDP, key.ipProto());
    }

    @Test
    void fragmentsAndWhatEndsAChain() {
        extract(Frames.ipv6().fragmentHeader(0, true, 1).udp(1, 2).payload(16));
        assertEquals(ExtensionHeaders.FRAGMENT, key.get(FlowField.IPV6_EXTHDR));
        extract(Frames.ipv6().fragmentHeader(64, false, 1).payload("0011223344556677"));
        assertEquals(ExtensionHeaders.FRAGMENT, key.get(FlowField.IPV6_EXTHDR), "what lies behind is not known");
        extract(Frames.ipv6().protocol(IpProtocol.NO_NEXT_HEADER).payload("00"));
        assertEquals(ExtensionHeaders.NO_NEXT, key.get(FlowField.IPV6_EXTHDR));
        extract(Frames.ipv6().protocol(IpProtocol.ESP).payload("0011223344556677"));
        assertEquals(ExtensionHeaders.ESP, key.get(FlowField.IPV6_EXTHDR));
        extract(Frames.ipv6().udp(1, 2));
        assertEquals(0, key.get(FlowField.IPV6_EXTHDR));
    }

    @Test
    void theReservedWordAndTheFirstOptionOfNeighbourDiscovery() {
        extract(Frames.ipv6().neighbourSolicitation("2001:db8::c", Frames.MAC_A));
        assertEquals(0, key.get(FlowField.ND_RESERVED));
        assertEquals(NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER, key.get(FlowField.ND_OPTIONS_TYPE));
        extract(Frames.ipv6()
                .neighbourAdvertisement(
                        "2001:db8::c",
                        NeighbourDiscovery.FLAG_ROUTER | NeighbourDiscovery.FLAG_OVERRIDE,
                        Frames.MAC_A));
        assertEquals(0xa000_0000L, key.get(FlowField.ND_RESERVED));
        assertEquals(NeighbourDiscovery.OPTION_TARGET_LINK_LAYER, key.get(FlowField.ND_OPTIONS_TYPE));
        extract(Frames.ipv6().neighbourSolicitation("2001:db8::c", null));
        assertEquals(0, key.get(FlowField.ND_OPTIONS_TYPE));
    }

    /** A TCP frame pays for the words that it has. */
    @Test
    void usualFramesHaveNoMoreWordsThanBefore() {
        extract(Frames.tcpv4());
        assertEquals(7, Long.bitCount(key.present), "port, addresses, types, protocol and ports, flags");
        extract(Frames.ipv4().udp(1, 2));
        assertEquals(6, Long.bitCount(key.present));
        extract(Frames.tcpv6());
        assertEquals(9, Long.bitCount(key.present));
    }
}
