package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Packets whose Ethernet header was taken away say the same as before, but for what stood in it. */
final class PacketExtractionTest {

    private static final int ETHERNET_BYTES = 14;

    private static void compare(byte[] frameBytes, int type) {
        FlowKey framed = new FlowKey();
        @Nullable DropReason framedReason = FlowExtractor.extract(Hex.frame(frameBytes, 0), framed);
        Frame packet = Hex.frame(Arrays.copyOfRange(frameBytes, ETHERNET_BYTES, frameBytes.length), 0);
        packet.setPacketType(type);
        FlowKey bare = new FlowKey();
        bare.set(FlowField.REG31, 7); // of the key's last use
        bare.set(FlowField.VLAN_TCI, 5);
        assertEquals(framedReason, FlowExtractor.extractPacket(packet, bare));
        if (framedReason == null) {
            framed.set(FlowField.ETH_SRC, 0);
            framed.set(FlowField.ETH_DST, 0);
            framed.set(FlowField.PACKET_TYPE, FlowField.PACKET_TYPE_WITHOUT_ETHERNET | type);
        }
        for (FlowField field : FlowField.values()) {
            assertEquals(framed.get(field), bare.get(field), field::toString);
            assertEquals(framed.getHi(field), bare.getHi(field), field::toString);
        }
    }

    @Test
    void everyLengthOfEveryKindIsReadAlike() {
        List<FrameBuilder> frames = List.of(
                Frames.udpv4().payload(18),
                Frames.ipv4().tcp(1, 2),
                Frames.arpRequest("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2"),
                Frames.aToB()
                        .etherType(EtherType.MPLS_UNICAST)
                        .payload("0001d140")
                        .payload(20),
                Frames.aToB()
                        .etherType(EtherType.NSH)
                        .payload("0fc20201000001ff")
                        .payload(20),
                Frames.aToB().etherType(0x88b5).payload(46));
        for (FrameBuilder frame : frames) {
            byte[] bytes = frame.bytes();
            int type = (bytes[12] & 0xff) << 8 | bytes[13] & 0xff;
            for (int length = ETHERNET_BYTES; length <= bytes.length; length++) {
                compare(Arrays.copyOf(bytes, length), type);
            }
        }
    }
}
