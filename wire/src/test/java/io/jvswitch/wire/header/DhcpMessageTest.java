package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DhcpMessageTest {

    private static final int AT = 42;
    private static final byte[] DISCOVER =
            Truncation.tail(Captures.frames("dhcp-udhcpc").get(0), AT);
    private static final byte[] OFFER =
            Truncation.tail(Captures.frames("dhcp-udhcpc").get(1), AT);

    /** A message whose options, file and sname fields begin with the given bytes. */
    private static MemorySegment message(String options, String file, String sname) {
        byte[] tail = Hex.bytes(options);
        MemorySegment seg = Hex.segment(new byte[DhcpMessage.BYTES + tail.length]);
        DhcpMessage.clear(seg, 0);
        DhcpMessage.setOp(seg, 0, DhcpMessage.OP_REQUEST);
        DhcpMessage.setHardware(seg, 0, DhcpMessage.HARDWARE_ETHERNET, 6);
        MemorySegment.copy(MemorySegment.ofArray(tail), 0, seg, DhcpMessage.BYTES, tail.length);
        byte[] fileBytes = Hex.bytes(file);
        MemorySegment.copy(MemorySegment.ofArray(fileBytes), 0, seg, DhcpMessage.FILE_OFFSET, fileBytes.length);
        byte[] snameBytes = Hex.bytes(sname);
        MemorySegment.copy(MemorySegment.ofArray(snameBytes), 0, seg, DhcpMessage.SNAME_OFFSET, snameBytes.length);
        return seg;
    }

    private static @Nullable DropReason check(MemorySegment seg) {
        return DhcpMessage.check(seg, 0, (int) seg.byteSize());
    }

    private static List<Integer> codes(MemorySegment seg) {
        int length = (int) seg.byteSize();
        List<Integer> codes = new ArrayList<>();
        for (long o = DhcpMessage.firstOption(seg, 0, length); o >= 0; o = DhcpMessage.nextOption(seg, 0, length, o)) {
            codes.add(DhcpMessage.optionCode(seg, o));
        }
        return codes;
    }

    @Test
    void readsADiscoverOfUdhcpc() {
        MemorySegment seg = Hex.segment(DISCOVER);
        assertNull(check(seg));
        assertEquals(DhcpMessage.OP_REQUEST, DhcpMessage.op(seg, 0));
        assertEquals(DhcpMessage.HARDWARE_ETHERNET, DhcpMessage.htype(seg, 0));
        assertEquals(6, DhcpMessage.hlen(seg, 0));
        assertEquals(0, DhcpMessage.hops(seg, 0));
        assertEquals(0, DhcpMessage.flags(seg, 0));
        assertEquals(0, DhcpMessage.secs(seg, 0));
        assertEquals(0, DhcpMessage.ciaddr(seg, 0));
        assertEquals(0, DhcpMessage.giaddr(seg, 0));
        assertEquals(0x0200_0000_000aL, DhcpMessage.clientMac(seg, 0));
        assertEquals(1, DhcpMessage.messageType(seg, 0, DISCOVER.length));
        assertEquals(List.of(53, 57, 55, 12, 60, 61), codes(seg));
        long host = DhcpMessage.findOption(seg, 0, DISCOVER.length, 12);
        assertEquals(3, DhcpMessage.optionLength(seg, host));
        assertArrayEquals(new byte[] {'v', 'm', '1'}, Hex.bytes(seg, host + 2, 3));
        assertEquals(-1, DhcpMessage.findOption(seg, 0, DISCOVER.length, 50));
    }

    @Test
    void readsAnOfferOfUdhcpd() {
        MemorySegment seg = Hex.segment(OFFER);
        assertNull(check(seg));
        assertEquals(DhcpMessage.OP_REPLY, DhcpMessage.op(seg, 0));
        assertEquals(0x0a00_0065, DhcpMessage.yiaddr(seg, 0));
        assertEquals(DhcpMessage.xid(Hex.segment(DISCOVER), 0), DhcpMessage.xid(seg, 0));
        assertEquals(2, DhcpMessage.messageType(seg, 0, OFFER.length));
        assertEquals(List.of(53, 54, 51, 1, 3, 6, 26), codes(seg));
        assertEquals(1450, NetworkOrder.getU16(seg, DhcpMessage.findOption(seg, 0, OFFER.length, 26) + 2));
    }

    @Test
    void everyMessageOfTwoClientsPasses() {
        for (String capture : List.of("dhcp-udhcpc", "dhcp-dhclient")) {
            int[] types = {1, 2, 3, 5};
            List<byte[]> frames = Captures.frames(capture);
            for (int i = 0; i < 4; i++) {
                MemorySegment seg = Hex.segment(frames.get(i));
                int length = UdpHeader.length(seg, 34) - UdpHeader.BYTES;
                assertNull(DhcpMessage.check(seg, AT, length));
                assertEquals(types[i], DhcpMessage.messageType(seg, AT, length), capture);
            }
        }
    }

    @Test
    void everyTruncationIsRefusedUnlessOptionsEnd() {
        int end = 0;
        while ((DISCOVER[DhcpMessage.BYTES + end] & 0xff) != DhcpMessage.OPTION_END) {
            end += 2 + (DISCOVER[DhcpMessage.BYTES + end + 1] & 0xff);
        }
        List<Integer> boundaries = new ArrayList<>();
        for (int at = 0; at <= end; at += 2 + (DISCOVER[DhcpMessage.BYTES + at + 1] & 0xff)) {
            boundaries.add(DhcpMessage.BYTES + at);
        }
        for (int length = 0; length <= DISCOVER.length; length++) {
            boolean passes = length > DhcpMessage.BYTES + end || boundaries.contains(length);
            MemorySegment seg = Hex.segment(Arrays.copyOf(DISCOVER, length));
            assertEquals(passes ? null : DropReason.DHCP_INVALID, check(seg), "cut to " + length);
        }
    }

    @Test
    void theFixedPartIsChecked() {
        MemorySegment cookie = message("ff", "", "");
        NetworkOrder.putU8(cookie, DhcpMessage.FIXED_BYTES, 0);
        assertEquals(DropReason.DHCP_INVALID, check(cookie));
        for (int op = 0; op < 256; op++) {
            MemorySegment seg = message("ff", "", "");
            DhcpMessage.setOp(seg, 0, op);
            assertEquals(op == 1 || op == 2 ? null : DropReason.DHCP_INVALID, check(seg));
        }
        for (int hlen = 0; hlen < 256; hlen++) {
            MemorySegment seg = message("ff", "", "");
            DhcpMessage.setHardware(seg, 0, 1, hlen);
            assertEquals(hlen <= 16 ? null : DropReason.DHCP_INVALID, check(seg));
        }
    }

    @Test
    void padsAndEndAreStepped() {
        assertEquals(List.of(53, 12), codes(message("00 00 350101 00 0c0161 00 ff 370101", "", "")));
        assertEquals(List.of(), codes(message("", "", "")));
        assertEquals(List.of(), codes(message("ff", "", "")));
        assertEquals(List.of(53), codes(message("350101", "", "")), "a missing end is forgiven");
    }

    @Test
    void anOptionBeyondItsFieldIsRefused() {
        assertEquals(DropReason.DHCP_INVALID, check(message("35 02 01", "", "")));
        assertEquals(DropReason.DHCP_INVALID, check(message("350101 35", "", "")), "a code without a length");
        assertEquals(DropReason.DHCP_INVALID, check(message("340101", "0cff", "")), "in file");
        assertEquals(DropReason.DHCP_INVALID, check(message("340102", "", "0cff")), "in sname");
        assertNull(check(message("340102", "0cff", "ff")), "file is a name here, whatever it holds");
        assertNull(check(message("ff", "0cff", "0cff")));
    }

    @Test
    void overloadedFieldsFollowInOrder() {
        String file = "0c0162 ff 0f0163";
        String sname = "060401010101 ff";
        assertEquals(List.of(53, 52), codes(message("350101 340100 ff", file, sname)));
        assertEquals(List.of(53, 52, 12), codes(message("350101 340101 ff", file, sname)));
        assertEquals(List.of(53, 52, 6), codes(message("350101 340102 ff", file, sname)));
        assertEquals(List.of(53, 52, 12, 6), codes(message("350101 340103 ff", file, sname)));
        assertEquals(List.of(53, 52, 6), codes(message("350101 340103", "ff", sname)), "an empty file field");
        assertEquals(List.of(52, 12), codes(message("340103 ff", file, "ff")));
        MemorySegment seg = message("350101 340103 ff", file, sname);
        assertEquals(DhcpMessage.SNAME_OFFSET, DhcpMessage.findOption(seg, 0, (int) seg.byteSize(), 6));
    }

    @Test
    void overloadItselfIsChecked() {
        // As dnsmasq has it: bits that mean nothing are ignored, and so is what is too short or too long.
        assertEquals(List.of(52), codes(message("340104 ff", "0c0161 ff", "0c0161 ff")));
        assertEquals(List.of(52, 12), codes(message("34020101 ff", "0c0161 ff", "")));
        assertEquals(List.of(52, 52, 12), codes(message("3400 340101 ff", "0c0161 ff", "")));
        assertEquals(DropReason.DHCP_INVALID, check(message("340101 ff", "0cff61", "")), "longer than the field");
        // Option 52 inside an overloaded field does not count: nothing to follow for ever.
        assertEquals(List.of(52, 52), codes(message("340101 ff", "340103 ff", "0c0161 ff")));
    }

    @Test
    void piecesOfALongOptionComeOneByOne() {
        MemorySegment seg = message("790401020304 0c0161 7902 0506 ff", "", "");
        int length = (int) seg.byteSize();
        assertEquals(List.of(121, 12, 121), codes(seg));
        assertEquals(DhcpMessage.BYTES, DhcpMessage.findOption(seg, 0, length, 121));
    }

    @Test
    void aMessageTypeOfAnotherLengthIsNone() {
        MemorySegment seg = message("35020101 ff", "", "");
        assertEquals(0, DhcpMessage.messageType(seg, 0, (int) seg.byteSize()));
        MemorySegment bootp = message("ff", "", "");
        assertEquals(0, DhcpMessage.messageType(bootp, 0, (int) bootp.byteSize()));
    }

    @Test
    void fieldsComeBack() {
        MemorySegment seg = Hex.segment(new byte[DhcpMessage.BYTES + 1]);
        seg.fill((byte) 0xee);
        DhcpMessage.clear(seg, 1);
        DhcpMessage.setOp(seg, 1, 2);
        DhcpMessage.setHardware(seg, 1, 1, 6);
        DhcpMessage.setHops(seg, 1, 3);
        DhcpMessage.setXid(seg, 1, 0x12345678);
        DhcpMessage.setSecs(seg, 1, 0x9abc);
        DhcpMessage.setFlags(seg, 1, DhcpMessage.FLAG_BROADCAST);
        DhcpMessage.setCiaddr(seg, 1, 0x01010101);
        DhcpMessage.setYiaddr(seg, 1, 0x02020202);
        DhcpMessage.setSiaddr(seg, 1, 0x03030303);
        DhcpMessage.setGiaddr(seg, 1, 0x04040404);
        DhcpMessage.setClientMac(seg, 1, 0x0a0b_0c0d_0e0fL);
        byte[] head = Hex.bytes("02010603 12345678 9abc8000 01010101 02020202 03030303 04040404 0a0b0c0d0e0f");
        byte[] expected = Arrays.copyOf(head, DhcpMessage.BYTES);
        System.arraycopy(Hex.bytes("63825363"), 0, expected, DhcpMessage.FIXED_BYTES, 4);
        assertArrayEquals(expected, Hex.bytes(seg, 1, DhcpMessage.BYTES));
        assertEquals(0xee, NetworkOrder.getU8(seg, 0));
        assertEquals(3, DhcpMessage.hops(seg, 1));
        assertEquals(0x9abc, DhcpMessage.secs(seg, 1));
        assertEquals(0x03030303, DhcpMessage.siaddr(seg, 1));
    }
}
