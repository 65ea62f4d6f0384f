package io.jvswitch.tap;

/**
 * The C library's entry points, one to one (src/main/c). Each returns a count, a descriptor or 0, or {@code -errno},
 * and never throws: callers turn a negative result into a {@link NativeException} or a drop reason.
 *
 * <p>Memory arguments are addresses of native segments that the caller keeps alive and large enough; {@code
 * namespaceFd} is a descriptor of a network namespace or {@link NetworkNamespace#CURRENT_FD}. The library keeps no
 * state: any thread may call.
 */
final class NativeCalls {

    static {
        NativeLibrary.load();
    }

    private NativeCalls() {}

    /** Size of a device name with its closing zero ({@code IFNAMSIZ}). */
    static final int NAME_BYTES = 16;

    // descriptor.c
    static native int close(int fd);

    static native int duplicate(int fd);

    // errno.c
    static native String errnoText(int errno);

    // namespace.c
    static native int namespaceOpen(long path);

    static native int namespaceCheck(int namespaceFd);

    // tap.c
    static native int tapOpen(int namespaceFd);

    static native int tapAttach(int fd, long name, boolean queues, boolean vnet, boolean exclusive);

    static native int tapName(int fd, long name);

    static native int tapNamespace(int fd);

    static native int tapSetVnetHeader(int fd, int bytes);

    static native int tapSetOffload(int fd, int flags);

    static native int tapSetPersistent(int fd, boolean on);

    static native int tapSetCarrier(int fd, boolean on);

    static native int tapDetach(int fd);

    static native int tapReceive(long table, int fd, int count);

    static native int tapTransmit(long table, int fd, int count);

    // socket.c
    static native int udpOpen(int namespaceFd, long high, long low);

    static native int rawOpen(int namespaceFd, long high, long low, int protocol);

    static native int socketBind(int fd, long high, long low, int port, int interfaceIndex);

    static native int socketConnect(int fd, long high, long low, int port);

    static native int claimName(int namespaceFd, long name);

    static native int socketPort(int fd);

    static native int socketSet(int fd, int option, int value);

    static native int socketGet(int fd, int option);

    static native long socketDrops(int fd);

    // datagram.c
    static native int datagramReceive(long table, int fd, int count, int flags);

    static native int datagramTransmit(long table, int fd, int count, int flags);

    // segments.c
    static native int segmentsWatch(int fd);

    static native int segmentsMap(int ring, long places);

    // memory.c
    static native long memoryMap(long bytes);

    static native void memoryUnmap(long address, long bytes);

    // packet.c
    static native int packetOpen(int namespaceFd);

    static native int packetBind(int fd, int index);

    static native int packetPromiscuous(int fd, int index);

    static native int packetAdmit(int fd, int admission);

    static native int packetFanout(int fd, int group, boolean ignoreOutgoing);

    static native int packetDrops(int fd);

    static native int packetIndex(int fd);

    static native int packetReceive(long table, int fd, int count, long spill, int spillBytes);

    static native int packetTransmit(long table, int fd, int count);

    // netdev.c
    static native int deviceSocket(int namespaceFd);

    static native int deviceRead(int fd, long device);

    static native int deviceMaster(int namespaceFd, int index);

    static native long deviceTransmitDrops(int namespaceFd, long name);

    static native int deviceStatistics(int namespaceFd, long name, long values, int fields);

    static native int deviceName(int fd, int index, long name);

    static native int deviceSetMtu(int fd, long name, int bytes);

    static native int deviceSetMac(int fd, long name, long mac);

    static native int deviceSetUp(int fd, long name, boolean up);

    static native int deviceSetGsoMax(int namespaceFd, int index, int bytes);

    static native int deviceMove(int fromNamespaceFd, int index, int toNamespaceFd, long newName);

    // route.c
    static native int routeRead(int namespaceFd, long route);

    // icmp.c
    static native int icmpOpen(int namespaceFd, long high, long low);

    static native int icmpReceive(int fd, long address, int capacity);

    static native int icmpWait(int fd);

    static native void icmpShutdown(int fd);

    // link.c
    static native int linkOpen(int namespaceFd);

    static native int linkDump(int fd);

    static native int linkReceive(int fd, long address, int capacity);

    static native int linkWait(int fd, int timeoutMs);
}
