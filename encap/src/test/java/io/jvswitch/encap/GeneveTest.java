package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class GeneveTest {

    /** Outer Ethernet, IPv4 and UDP in front of the Geneve header. */
    private static final int OUTER_BYTES = 14 + 20 + 8;

    private static final byte[] OVS =
            Hex.frames(GeneveTest.class, "ovs-tunnels.hex").get(7);

    private static byte[] datagram() {
        return Arrays.copyOfRange(OVS, OUTER_BYTES, OVS.length);
    }

    /** The captured datagram with options put between header and frame. */
    private static byte[] withOptions(String hex) {
        byte[] plain = datagram();
        byte[] options = Hex.bytes(hex);
        byte[] bytes = new byte[plain.length + options.length];
        System.arraycopy(plain, 0, bytes, 0, 8);
        System.arraycopy(options, 0, bytes, 8, options.length);
        System.arraycopy(plain, 8, bytes, 8 + options.length, plain.length - 8);
        bytes[0] = (byte) (options.length / 4);
        return bytes;
    }

    @Test
    void readsAndWritesWhatOpenVswitchSends() {
        Frame frame = Hex.frame(datagram(), 0);
        assertNull(Geneve.pop(frame));
        assertArrayEquals(Arrays.copyOfRange(OVS, OUTER_BYTES + 8, OVS.length), Hex.bytes(frame));
        assertEquals(123, frame.tunnelId());
        assertEquals(TunnelFlags.GENEVE | TunnelFlags.KEYED, frame.tunnelFlags());
        assertTrue(Geneve.push(frame, 123));
        assertArrayEquals(datagram(), Hex.bytes(frame));
    }

    @Test
    void stepsOverOptionsThatAreNotCritical() {
        // RFC 8926, section 3.5: class, type, reserved bits and length in words; two options, the first with 4 bytes
        Frame frame = Hex.frame(withOptions("0102 01 e1 aabbccdd 0103 7f 00"), 0);
        assertNull(Geneve.pop(frame));
        assertArrayEquals(Arrays.copyOfRange(OVS, OUTER_BYTES + 8, OVS.length), Hex.bytes(frame));
    }

    @Test
    void refusesCriticalOptionsWhateverTheHeaderSaysOfThem() {
        byte[] unannounced = withOptions("0103 7f 00 0102 81 01 aabbccdd");
        assertEquals(DropReason.GENEVE_CRITICAL_OPTION, Geneve.pop(Hex.frame(unannounced, 0)));
        byte[] announced = unannounced.clone();
        announced[1] = 0x40;
        assertEquals(DropReason.GENEVE_CRITICAL_OPTION, Geneve.pop(Hex.frame(announced, 0)));
    }

    @Test
    void refusesOptionsThatDoNotFillTheirSpace() {
        byte[] tooLong = withOptions("0102 01 02 aabbccdd");
        assertEquals(DropReason.GENEVE_TRUNCATED, Geneve.pop(Hex.frame(tooLong, 0)));
    }

    @Test
    void refusesEveryTruncationAndLeavesTheFrame() {
        byte[] whole = withOptions("0102 01 01 aabbccdd");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Frame frame = Hex.frame(cut, 0);
            DropReason expected =
                    length < 16 ? DropReason.GENEVE_TRUNCATED : length < 16 + 14 ? DropReason.ETHERNET_TRUNCATED : null;
            assertEquals(expected, Geneve.pop(frame), "length " + length);
            if (expected != null) {
                assertArrayEquals(cut, Hex.bytes(frame));
            }
        }
    }

    @Test
    void judgesVersionControlProtocolAndReservedBits() {
        byte[] version = datagram();
        version[0] = 0x40;
        assertEquals(DropReason.GENEVE_BAD_VERSION, Geneve.pop(Hex.frame(version, 0)));
        byte[] control = datagram();
        control[1] = (byte) 0x80;
        assertEquals(DropReason.GENEVE_CONTROL, Geneve.pop(Hex.frame(control, 0)));
        byte[] ipv4 = datagram();
        ipv4[2] = 0x08;
        ipv4[3] = 0x00;
        assertEquals(DropReason.GENEVE_BAD_PROTOCOL, Geneve.pop(Hex.frame(ipv4, 0)));
        byte[] reserved = datagram();
        reserved[1] = 0x3f;
        reserved[7] = (byte) 0xff;
        Frame frame = Hex.frame(reserved, 0);
        assertNull(Geneve.pop(frame));
        assertEquals(123, frame.tunnelId());
    }

    @Test
    void saysSoWithoutHeadroom() {
        Frame frame = Frames.pingv4().frame();
        frame.place(7, frame.length());
        assertFalse(Geneve.push(frame, 1));
        assertEquals(7, frame.start());
    }
}
