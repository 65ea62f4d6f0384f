package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.MacAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages as include/uapi/linux/netlink.h, rtnetlink.h and if_link.h lay them out, in the machine's byte order. */
final class LinkMonitorTest {

    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int AF_BRIDGE = 7;

    private static byte[] link(int type, int family, int index, int flags) {
        ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
        bytes.position(16);
        bytes.put((byte) family).put((byte) 0).putShort((short) NetDevice.ARPHRD_ETHER);
        bytes.putInt(index).putInt(flags).putInt(-1);
        // IFLA_IFNAME "vm1", IFLA_MTU 1450, IFLA_ADDRESS, and one that nobody reads
        bytes.putShort((short) 8).putShort((short) 3).put("vm1\0".getBytes(StandardCharsets.UTF_8));
        bytes.putShort((short) 8).putShort((short) 4).putInt(1450);
        bytes.putShort((short) 10).putShort((short) 1).put(new byte[] {2, 0, 0, 0, 0, 1, 0, 0});
        bytes.putShort((short) 5).putShort((short) 16).putInt(6);
        int length = bytes.position();
        bytes.putInt(0, length).putShort(4, (short) type);
        byte[] message = new byte[length];
        bytes.get(0, message);
        return message;
    }

    private static byte[] message(int type, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 4 * words.length).order(ByteOrder.nativeOrder());
        bytes.putInt(bytes.capacity())
                .putShort((short) type)
                .putShort((short) 0)
                .putInt(0)
                .putInt(0);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    private static List<LinkEvent> read(byte[]... messages) {
        int length = 0;
        for (byte[] message : messages) {
            length += message.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] message : messages) {
            System.arraycopy(message, 0, all, at, message.length);
            at += message.length;
        }
        List<LinkEvent> events = new ArrayList<>();
        LinkMonitor.read(MemorySegment.ofArray(all), events::add);
        return events;
    }

    private static LinkEvent present(boolean up, boolean running) {
        return new LinkEvent.Present(
                new DeviceState(7, "vm1", 1450, MacAddress.parse("02:00:00:00:00:01"), true, up, running, 0));
    }

    /**
     * A route's message: family, type, and its destination's first 16 bits in network order; 0 for the default route.
     */
    private static byte[] route(int family, int type, int destination) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 12 + 8 + 20).order(ByteOrder.nativeOrder());
        bytes.position(16);
        bytes.put((byte) family).put(new byte[6]).put((byte) type).putInt(0);
        bytes.putShort((short) 8).putShort((short) 15).putInt(254); // RTA_TABLE
        if (destination != 0) {
            bytes.putShort((short) 20).putShort((short) 1);
            bytes.put((byte) (destination >> 8)).put((byte) destination).put(new byte[14]);
        }
        int length = bytes.position();
        bytes.putInt(0, length).putShort(4, (short) 24);
        byte[] message = new byte[length];
        bytes.get(0, message);
        return message;
    }

    /** What every device that comes up brings with it is no news of the way to other hosts. */
    @Test
    void routesThatLeadElsewhereAreToldApartFromADevicesOwn() {
        int inet = 2;
        int inet6 = 10;
        int unicast = 1;
        List<LinkEvent> told = List.of(new LinkEvent.RoutesChanged());
        assertEquals(told, read(route(inet, unicast, 0)));
        assertEquals(told, read(route(inet, unicast, 0xfe80)), "254.128.0.0");
        assertEquals(told, read(route(inet6, unicast, 0)));
        assertEquals(told, read(route(inet6, unicast, 0x2001)));
        assertEquals(told, read(route(inet6, 7, 0x2001)), "unreachable");
        assertEquals(List.of(), read(route(inet6, unicast, 0xfe80)));
        assertEquals(List.of(), read(route(inet6, 5, 0xff00)), "multicast");
        assertEquals(List.of(), read(route(inet6, 2, 0x2001)), "local");
        assertEquals(List.of(), read(route(inet, 3, 0x0a00)), "broadcast");
        byte[] cut = route(inet6, unicast, 0x2001);
        for (int length = 16; length < 28; length++) {
            byte[] shorter = java.util.Arrays.copyOf(cut, length);
            ByteBuffer.wrap(shorter).order(ByteOrder.nativeOrder()).putInt(0, length);
            assertEquals(List.of(), read(shorter));
        }
    }

    @Test
    void aLinkIsReadWithNameMtuMacAndFlags() {
        assertEquals(List.of(present(true, true)), read(link(NEW_LINK, 0, 7, 0x1043)));
        assertEquals(List.of(present(true, false)), read(link(NEW_LINK, 0, 7, 0x1003)));
        assertEquals(List.of(present(false, false)), read(link(NEW_LINK, 0, 7, 0x1002)));
        assertEquals(List.of(new LinkEvent.Gone(7, "vm1")), read(link(DELETE_LINK, 0, 7, 0x1002)));
    }

    @Test
    void aDeviceThatHasAMasterSaysSo() {
        byte[] plain = link(NEW_LINK, 0, 7, 0x1043);
        ByteBuffer bytes = ByteBuffer.allocate(plain.length + 8).order(ByteOrder.nativeOrder());
        bytes.put(plain).putShort((short) 8).putShort((short) 10).putInt(3); // IFLA_MASTER
        bytes.putInt(0, bytes.capacity());
        DeviceState enslaved =
                new DeviceState(7, "vm1", 1450, MacAddress.parse("02:00:00:00:00:01"), true, true, true, 3);
        assertEquals(List.of(new LinkEvent.Present(enslaved)), read(bytes.array()));
    }

    @Test
    void leavingABridgeIsNotTheEndOfADevice() {
        assertEquals(List.of(), read(link(DELETE_LINK, AF_BRIDGE, 7, 0x1043), link(NEW_LINK, AF_BRIDGE, 7, 0x1043)));
    }

    @Test
    void addressesAndRoutesAreNewsToo() {
        assertEquals(
                List.of(
                        new LinkEvent.AddressesChanged(3),
                        new LinkEvent.AddressesChanged(4),
                        new LinkEvent.RoutesChanged(),
                        new LinkEvent.RoutesChanged(),
                        present(true, true)),
                read(
                        message(20, 0, 3),
                        message(21, 0, 4),
                        message(24, 0, 0, 0),
                        message(25, 0, 0, 0),
                        message(3, 0),
                        link(NEW_LINK, 0, 7, 0x1043)));
    }

    @Test
    void everyTruncationIsReadToItsLastWholeMessage() {
        byte[] whole = link(NEW_LINK, 0, 7, 0x1043);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertEquals(List.of(), read(cut), "cut to " + length);
        }
    }

    @Test
    void everyLyingMessageLengthEndsTheReading() {
        for (int length : new int[] {0, 1, 15, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            byte[] lying = link(NEW_LINK, 0, 7, 0x1043);
            ByteBuffer.wrap(lying).order(ByteOrder.nativeOrder()).putInt(0, length);
            assertEquals(List.of(), read(lying), "length " + length);
        }
    }

    @Test
    void everyShortMessageIsSkippedOrReadWithoutItsAttributes() {
        byte[] whole = link(NEW_LINK, 0, 7, 0x1043);
        for (int length = 16; length < whole.length; length++) {
            byte[] message = java.util.Arrays.copyOf(whole, length);
            ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).putInt(0, length);
            List<LinkEvent> events = read(message);
            assertEquals(length < 32 ? 0 : 1, events.size(), "length " + length);
            for (LinkEvent event : events) {
                assertTrue(event instanceof LinkEvent.Present(DeviceState device) && device.index() == 7, "" + event);
            }
        }
    }

    @Test
    void attributesWhoseLengthLiesEndTheMessage() {
        for (int length : new int[] {0, 3, 200, 65_535}) {
            byte[] message = link(NEW_LINK, 0, 7, 0x1043);
            ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).putShort(32, (short) length);
            DeviceState unnamed = new DeviceState(7, "", 0, new MacAddress(0), true, true, true, 0);
            assertEquals(List.of(new LinkEvent.Present(unnamed)), read(message), "length " + length);
        }
    }

    @Test
    void readsTheBytesOfItsSegmentOnly() {
        byte[] message = link(NEW_LINK, 0, 7, 0x1043);
        MemorySegment exact = MemorySegment.ofArray(message).asSlice(0, message.length);
        assertEquals(message.length, exact.toArray(ValueLayout.JAVA_BYTE).length);
        List<LinkEvent> events = new ArrayList<>();
        LinkMonitor.read(exact, events::add);
        assertEquals(1, events.size());
    }
}
