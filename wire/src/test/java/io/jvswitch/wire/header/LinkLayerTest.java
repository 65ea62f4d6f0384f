package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import org.junit.jupiter.api.Test;

class LinkLayerTest {

    @Test
    void thePayloadLiesBehindTagsAndSnapHeaders() {
        assertEquals(14, offset(Frames.udpv4().frame()));
        Frame tagged = Frames.aToB()
                .vlan(EtherType.SERVICE_VLAN, 7)
                .vlan(8)
                .vlan(9)
                .ipv4("10.0.0.1", "10.0.0.2")
                .frame();
        assertEquals(26, offset(tagged));
        assertEquals(EtherType.IPV4, LinkLayer.type(tagged, tagged.start() + 26));
        Frame snap = Hex.frame("020000000001 020000000002 0020 aaaa03 000000 0800 45000014");
        assertEquals(22, offset(snap));
        assertEquals(EtherType.IPV4, LinkLayer.type(snap, snap.start() + 22));
        assertEquals(14, offset(Hex.frame("020000000001 020000000002 0003 424203")), "LLC that announces nothing");
    }

    @Test
    void aFrameThatEndsWithinItHasNone() {
        byte[] tagged = Frames.aToB().vlan(7).etherType(0x88b5).bytes();
        for (int length = 0; length < 18; length++) {
            Frame cut = Hex.frame(java.util.Arrays.copyOf(tagged, length), 0);
            assertEquals(LinkLayer.NONE, LinkLayer.payloadAt(cut), length + " bytes");
        }
    }

    @Test
    void aPacketWithoutEthernetIsItsOwnPayload() {
        Frame packet = Hex.frame("45000014");
        packet.setPacketType(EtherType.IPV4);
        assertEquals(0, offset(packet));
        assertEquals(EtherType.IPV4, LinkLayer.type(packet, packet.start()));
    }

    private static int offset(Frame frame) {
        return LinkLayer.payloadAt(frame) - frame.start();
    }
}
