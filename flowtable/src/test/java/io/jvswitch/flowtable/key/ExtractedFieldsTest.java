package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every field that frames may bring is read from some frame, or is known to read 0. */
class ExtractedFieldsTest {

    /** What a first round never has, and what {@link Frame} does not carry: see {@link FlowExtractor#extract}. */
    private static Set<FlowField> readAsZero() {
        Set<FlowField> fields = EnumSet.of(FlowField.RECIRC_ID, FlowField.DP_HASH, FlowField.PACKET_TYPE);
        fields.addAll(EnumSet.range(FlowField.CT_STATE, FlowField.CT_L4_DST));
        fields.addAll(EnumSet.range(FlowField.TUNNEL_OPTIONS_0, FlowField.TUNNEL_OPTIONS_15));
        return fields;
    }

    private static List<FrameBuilder> frames() {
        String nsh = "2fc60103" + "123456ff" + "11111111" + "22222222" + "33333333" + "44444444";
        return List.of(
                Frames.ipv4().tos(4).tcp(1, 2).flags(TcpHeader.FLAG_SYN),
                Frames.ipv4().fragment(0, true).udp(1, 2).payload(16),
                Frames.aToB().vlan(EtherType.SERVICE_VLAN, 1).vlan(2).etherType(EtherType.LLDP),
                Frames.aToB().arp(1, Frames.MAC_A, Frames.IP4_A, Frames.MAC_B, Frames.IP4_B),
                Frames.ipv6().flowLabel(5).extension(0, "010400000000").udp(1, 2),
                Frames.ipv6().neighbourAdvertisement("2001:db8::c", 0x2000_0000, Frames.MAC_A),
                Frames.aToB().etherType(EtherType.MPLS_UNICAST).payload("12345a40" + "12345a40" + "12345b40"),
                Frames.aToB().etherType(EtherType.MPLS_UNICAST).payload("12345b40"),
                Frames.aToB().etherType(EtherType.NSH).payload(nsh),
                Frames.aToB().etherType(ShimExtractor.ETHER_TYPE_PBB).payload("e0abcdef"));
    }

    @Test
    void everyFieldOfFramesIsReadOrKnownToBeZero() {
        FlowKey all = new FlowKey();
        for (FrameBuilder builder : frames()) {
            Frame frame = builder.frame();
            frame.setInPort(1);
            frame.setTunnel(7, 1);
            frame.setRemote(1, 2, 3);
            frame.setLocal(4, 5);
            frame.setOuterHops(6);
            frame.setOuterTrafficClass(7);
            frame.setGroupPolicy(8, 9);
            FlowKey key = new FlowKey();
            assertNull(FlowExtractor.extract(frame, key));
            for (int word = 0; word < FlowLayout.WORDS; word++) {
                all.setWord(word, all.words[word] | key.words[word]);
            }
        }
        Set<FlowField> zero = readAsZero();
        for (FlowField field : FlowField.values()) {
            boolean read = (all.get(field) | all.getHi(field)) != 0;
            boolean expected = field.region() == FlowField.Region.FRAME && !zero.contains(field);
            assertEquals(
                    expected,
                    read,
                    () -> field
                            + (expected ? " is read from no frame: extract it, or say that it reads 0" : " is read"));
        }
    }
}
