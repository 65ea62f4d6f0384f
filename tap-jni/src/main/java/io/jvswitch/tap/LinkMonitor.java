package io.jvswitch.tap;

import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reports devices, addresses and routes that appear, change and disappear in a network namespace (rtnetlink(7)).
 *
 * <p>{@link #fd()} becomes readable when there are events; {@link #poll} reads them and never blocks. The kernel's
 * buffer is bounded: when more happens than it holds, an {@link LinkEvent.Overrun} says so and {@link #requestAll}
 * makes up for it.
 *
 * <p>Single-threaded, but {@link #fd()}, {@link #awaitEvents} and {@link #requestAll} are for any thread.
 */
public final class LinkMonitor implements AutoCloseable {

    // include/uapi/linux/netlink.h and rtnetlink.h; all fields are in the machine's byte order.
    private static final int HEADER_BYTES = 16;
    private static final int HEADER_TYPE = 4;
    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int NEW_ADDRESS = 20;
    private static final int DELETE_ADDRESS = 21;
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;

    // struct ifinfomsg, behind the header
    private static final int LINK_BYTES = 16;
    private static final int LINK_TYPE = 2;
    private static final int LINK_INDEX = 4;
    private static final int LINK_FLAGS = 8;

    // struct ifaddrmsg, behind the header
    private static final int ADDRESS_BYTES = 8;
    private static final int ADDRESS_INDEX = 4;

    // struct rtmsg, behind the header
    private static final int ROUTE_BYTES = 12;
    private static final int ROUTE_FAMILY = 0;
    private static final int ROUTE_TYPE = 7;
    private static final int AF_INET6 = 10;
    private static final int RTA_DST = 1;
    /** Route types from here on lead to no other host: local, broadcast, anycast, multicast. */
    private static final int FIRST_OWN_TYPE = 2;

    private static final int LAST_OWN_TYPE = 5;

    private static final int ATTRIBUTE_BYTES = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_MASTER = 10;

    private static final int MAC_BYTES = 6;
    /** fe80::/10, as the first 16 bits of an address. */
    private static final int LINK_LOCAL = 0xfe80;

    private static final int LINK_LOCAL_MASK = 0xffc0;

    /** Holds the largest message that the kernel sends (32 KB, {@code NLMSG_GOODSIZE} and its dumps). */
    private static final int BUFFER_BYTES = 65_536;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;

    private static final String OBJECT = "link monitor";

    private final Descriptor descriptor;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);

    private LinkMonitor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Starts listening in a namespace, which need not stay open. */
    public static LinkMonitor open(NetworkNamespace namespace) throws NativeException {
        int fd = NativeException.check(NativeCalls.linkOpen(namespace.fd()), OBJECT, Operation.OPEN_NETLINK);
        return new LinkMonitor(new Descriptor(fd));
    }

    /** Asks for every device: each will be reported as {@link LinkEvent.Present}. */
    public void requestAll() throws NativeException {
        NativeException.check(NativeCalls.linkDump(descriptor.get()), OBJECT, Operation.OPEN_NETLINK);
    }

    /**
     * Reads at most {@code messages} messages from the kernel, each of which can hold several events.
     *
     * @return how many messages were read; fewer than asked for when there are no more
     */
    public int poll(int messages, Consumer<? super LinkEvent> listener) throws NativeException {
        try {
            for (int i = 0; i < messages; i++) {
                int length = NativeCalls.linkReceive(descriptor.get(), buffer.address(), BUFFER_BYTES);
                if (length == 0) {
                    return i;
                }
                if (length == -Errno.ENOBUFS) {
                    listener.accept(new LinkEvent.Overrun());
                } else {
                    NativeException.check(length, OBJECT, Operation.READ_NETLINK);
                    read(buffer.asSlice(0, length), listener);
                }
            }
            return messages;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** Reads the messages that fill {@code datagram}; one that is cut short ends it. */
    static void read(MemorySegment datagram, Consumer<? super LinkEvent> listener) {
        long at = 0;
        while (at + HEADER_BYTES <= datagram.byteSize()) {
            long length = datagram.get(U32, at) & 0xffff_ffffL;
            if (length < HEADER_BYTES || length > datagram.byteSize() - at) {
                return;
            }
            int type = datagram.get(U16, at + HEADER_TYPE) & 0xffff;
            readMessage(type, datagram.asSlice(at + HEADER_BYTES, length - HEADER_BYTES), listener);
            at += aligned(length);
        }
    }

    private static void readMessage(int type, MemorySegment body, Consumer<? super LinkEvent> listener) {
        switch (type) {
            case NEW_LINK, DELETE_LINK -> {
                // Bridge ports are reported with the same types and family AF_BRIDGE; those messages are not about the
                // device itself.
                if (body.byteSize() >= LINK_BYTES && body.get(ValueLayout.JAVA_BYTE, 0) == 0) {
                    readLink(type == DELETE_LINK, body, listener);
                }
            }
            case NEW_ADDRESS, DELETE_ADDRESS -> {
                if (body.byteSize() >= ADDRESS_BYTES) {
                    listener.accept(new LinkEvent.AddressesChanged(body.get(U32, ADDRESS_INDEX)));
                }
            }
            case NEW_ROUTE, DELETE_ROUTE -> {
                if (body.byteSize() >= ROUTE_BYTES && leadsElsewhere(body)) {
                    listener.accept(new LinkEvent.RoutesChanged());
                }
            }
            default -> {
                // end of a listing, or something that nobody asked for
            }
        }
    }

    /**
     * Every device that comes up adds routes to its own addresses, and one to IPv6's link-local ones: none leads to a
     * remote host.
     */
    private static boolean leadsElsewhere(MemorySegment body) {
        int type = body.get(ValueLayout.JAVA_BYTE, ROUTE_TYPE);
        if (type >= FIRST_OWN_TYPE && type <= LAST_OWN_TYPE) {
            return false;
        }
        long at = ROUTE_BYTES;
        while (body.get(ValueLayout.JAVA_BYTE, ROUTE_FAMILY) == AF_INET6 && at + ATTRIBUTE_BYTES <= body.byteSize()) {
            int length = body.get(U16, at) & 0xffff;
            if (length < ATTRIBUTE_BYTES || length > body.byteSize() - at) {
                break;
            }
            boolean destination = (body.get(U16, at + 2) & ATTRIBUTE_TYPE_MASK) == RTA_DST;
            if (destination && length >= ATTRIBUTE_BYTES + Short.BYTES) {
                return (NetworkOrder.getU16(body, at + ATTRIBUTE_BYTES) & LINK_LOCAL_MASK) != LINK_LOCAL;
            }
            at += aligned(length);
        }
        return true;
    }

    private static void readLink(boolean deleted, MemorySegment body, Consumer<? super LinkEvent> listener) {
        int index = body.get(U32, LINK_INDEX);
        int flags = body.get(U32, LINK_FLAGS);
        String name = "";
        int mtuBytes = 0;
        int masterIndex = 0;
        long mac = 0;
        long at = LINK_BYTES;
        while (at + ATTRIBUTE_BYTES <= body.byteSize()) {
            int length = body.get(U16, at) & 0xffff;
            if (length < ATTRIBUTE_BYTES || length > body.byteSize() - at) {
                break;
            }
            MemorySegment value = body.asSlice(at + ATTRIBUTE_BYTES, length - ATTRIBUTE_BYTES);
            switch (body.get(U16, at + 2) & ATTRIBUTE_TYPE_MASK) {
                case IFLA_IFNAME -> name = text(value);
                case IFLA_MTU -> mtuBytes = value.byteSize() == Integer.BYTES ? value.get(U32, 0) : 0;
                case IFLA_MASTER -> masterIndex = value.byteSize() == Integer.BYTES ? value.get(U32, 0) : 0;
                case IFLA_ADDRESS -> mac = value.byteSize() == MAC_BYTES ? NetworkOrder.getU48(value, 0) : 0;
                default -> {
                    // some fifty other attributes
                }
            }
            at += aligned(length);
        }
        if (deleted) {
            listener.accept(new LinkEvent.Gone(index, name));
        } else {
            boolean ethernet = (body.get(U16, LINK_TYPE) & 0xffff) == NetDevice.ARPHRD_ETHER;
            listener.accept(new LinkEvent.Present(new DeviceState(
                    index,
                    name,
                    mtuBytes,
                    new MacAddress(mac),
                    ethernet,
                    (flags & NetDevice.IFF_UP) != 0,
                    (flags & NetDevice.IFF_RUNNING) != 0,
                    masterIndex)));
        }
    }

    /** A name up to its terminating zero; one without is a kernel bug, and shown as far as it goes. */
    private static String text(MemorySegment value) {
        byte[] bytes = value.toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Messages and attributes begin at multiples of four bytes. */
    private static long aligned(long length) {
        return length + 3 & ~3L;
    }

    /**
     * Waits for events, on any thread; {@link #requestAll} by another thread ends the wait as well.
     *
     * @return whether there are events; false when the limit was reached first
     */
    public boolean awaitEvents(Duration limit) throws NativeException {
        int timeoutMs = (int) Math.min(limit.toMillis(), Integer.MAX_VALUE);
        return NativeException.check(NativeCalls.linkWait(descriptor.get(), timeoutMs), OBJECT, Operation.READ_NETLINK)
                > 0;
    }

    /** Becomes readable when there are events. */
    public int fd() {
        return descriptor.get();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
