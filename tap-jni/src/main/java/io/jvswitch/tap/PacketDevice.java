package io.jvswitch.tap;

import java.util.ArrayList;
import java.util.List;

/**
 * An existing Ethernet device, used through packet sockets (packet(7)): a TAP that QEMU opened, the host's end of a
 * veth, a NIC. The device belongs to its owner: we neither configure nor delete it, and closing leaves it as it was.
 * While it is open it is promiscuous.
 *
 * <p>The host's own stack sees the frames as well, so a device that is a port of the switch should have no address.
 *
 * <p>Only one jvswitch can have it at a time: opening claims the device in its namespace. It stays open when the device
 * is renamed, but not when the device is moved to another namespace or deleted: its queues then return {@link
 * PacketQueue#GONE}.
 *
 * <p>Methods may be called by any thread, one at a time; each queue belongs to its worker.
 */
public final class PacketDevice implements AutoCloseable {

    /**
     * Kernel buffer requested in each direction: room for some hundred superframes, or ten thousand small frames
     * including the kernel's overhead for each.
     */
    public static final int BUFFER_BYTES = 8 << 20;

    private final String object;
    private final DeviceState opened;
    private final Claim claim;
    private final List<PacketQueue> queues;

    private PacketDevice(String object, DeviceState opened, Claim claim, List<PacketQueue> queues) {
        this.object = object;
        this.opened = opened;
        this.claim = claim;
        this.queues = List.copyOf(queues);
    }

    /**
     * Opens a device.
     *
     * @param namespace where it is
     * @param name its name there
     * @param queueCount number of sockets; with several, each flow stays on one of them, in both directions
     * @throws NativeException naming the device, the call and the remedy; nothing is left behind
     */
    public static PacketDevice open(NetworkNamespace namespace, String name, int queueCount) throws NativeException {
        return open(namespace, name, queueCount, true);
    }

    /** @param groupFlag whether to try the kernel's flag that keeps outgoing frames out of a group */
    static PacketDevice open(NetworkNamespace namespace, String name, int queueCount, boolean groupFlag)
            throws NativeException {
        String object = "device " + name;
        DeviceState device = NetDevice.named(namespace, name).read();
        requireUsable(device, name, queueCount);
        List<Descriptor> opened = new ArrayList<>();
        List<PacketQueue> queues = new ArrayList<>();
        boolean complete = false;
        Claim claim = Claim.of(
                namespace,
                "device/" + device.index(),
                object,
                "it is a port of a jvswitch already, this one or another on this host: remove it there first "
                        + "('jvswitch port remove')");
        try {
            for (int i = 0; i < queueCount; i++) {
                int fd = NativeCalls.packetOpen(namespace.fd());
                Descriptor socket = keep(opened, NativeException.check(fd, object, Operation.OPEN_PACKET));
                boolean takesUso = configure(socket.get(), object);
                if (queueCount > 1) {
                    admit(socket.get(), Admission.NOTHING, object);
                }
                NativeException.check(
                        NativeCalls.packetBind(socket.get(), device.index()), object, Operation.BIND_DEVICE);
                queues.add(new PacketQueue(socket, takesUso));
            }
            if (queueCount > 1) {
                share(queues, groupFlag, object);
            }
            int first = queues.getFirst().fd();
            NativeException.check(NativeCalls.packetPromiscuous(first, device.index()), object, Operation.PROMISCUOUS);
            complete = true;
            return new PacketDevice(object, device, claim, queues);
        } finally {
            if (!complete) {
                opened.forEach(Descriptor::close);
                claim.close();
            }
        }
    }

    /** Which frames a socket receives; {@code enum admission} of packet.c has the same numbers. */
    private enum Admission {
        NOTHING(0),
        ALL(1),
        INCOMING(2);

        private final int code;

        Admission(int code) {
            this.code = code;
        }
    }

    private static void admit(int fd, Admission admission, String object) throws NativeException {
        NativeException.check(NativeCalls.packetAdmit(fd, admission.code), object, Operation.ADMIT);
    }

    /**
     * Joins the sockets into one group, and only then lets them receive: a socket that has not joined yet would get
     * every frame.
     */
    private static void share(List<PacketQueue> queues, boolean groupFlag, String object) throws NativeException {
        boolean flag = groupFlag;
        int group = -1;
        for (PacketQueue queue : queues) {
            int joined = NativeCalls.packetFanout(queue.fd(), group, flag);
            if (joined == -Errno.EINVAL && flag && group < 0) {
                flag = false; // a kernel that does not know the flag
                joined = NativeCalls.packetFanout(queue.fd(), group, false);
            }
            group = NativeException.check(joined, object, Operation.FANOUT);
        }
        for (PacketQueue queue : queues) {
            admit(queue.fd(), flag ? Admission.ALL : Admission.INCOMING, object);
        }
    }

    private static Descriptor keep(List<Descriptor> opened, int fd) {
        Descriptor descriptor = new Descriptor(fd);
        opened.add(descriptor);
        return descriptor;
    }

    private static void requireUsable(DeviceState device, String name, int queueCount) throws NativeException {
        String object = "device " + name;
        if (!device.name().equals(name)) {
            // The kernel reports devices under their primary name: under another one, changes would go unnoticed.
            throw new NativeException(
                    object,
                    Operation.READ_DEVICE,
                    Errno.EINVAL,
                    name + " is another name of " + device.name() + "; use that");
        }
        if (!device.ethernet()) {
            throw new NativeException(
                    object,
                    Operation.BIND_DEVICE,
                    Errno.EOPNOTSUPP,
                    "its frames are no Ethernet frames; a switch needs an Ethernet device ('ip -d link show "
                            + device.name() + "' tells what it is)");
        }
        if (device.masterIndex() != 0) {
            throw new NativeException(
                    object,
                    Operation.CHECK_DEVICE,
                    Errno.EBUSY,
                    "it belongs to another bridge or bond, which forwards its frames, too: 'ip link set "
                            + device.name() + " nomaster' takes it out");
        }
        if (queueCount > 1 && !device.up()) {
            throw new NativeException(
                    object,
                    Operation.FANOUT,
                    Errno.ENETDOWN,
                    "several workers can share it only when it is up: 'ip link set " + device.name() + " up'");
        }
    }

    /** Configures a socket; returns whether the kernel knows UDP superframes. */
    private static boolean configure(int fd, String object) throws NativeException {
        SocketOption.FRAME_VNET_HEADER.set(fd, object, 1);
        SocketOption.FRAME_AUXILIARY.set(fd, object, 1);
        SocketOption.FRAME_IGNORE_OUTGOING.set(fd, object, 1);
        SocketOption.RECEIVE_BUFFER.set(fd, object, BUFFER_BYTES);
        SocketOption.SEND_BUFFER.set(fd, object, BUFFER_BYTES);
        // Only Linux 6.4 and later take this option, and UDP superframes are known since 6.2; an older kernel is not
        // asked to segment what it may not know.
        return SocketOption.FRAME_VNET_HEADER_BYTES.trySet(fd, PacketQueue.HEADER_BYTES);
    }

    /** The device as it was when it was opened; its index does not change. */
    public DeviceState opened() {
        return opened;
    }

    /** Whether it was deleted, or moved to another namespace: it will not come back as the same device. */
    public boolean isGone() {
        return NativeCalls.packetIndex(queues.getFirst().fd()) < 0;
    }

    /** How many queues were opened. */
    public int queueCount() {
        return queues.size();
    }

    /** The queue of a worker, 0 to {@link #queueCount()} - 1. */
    public PacketQueue queue(int index) {
        return queues.get(index);
    }

    /** Closes the sockets and releases the claim on the device; a second call does nothing. */
    @Override
    public void close() {
        queues.forEach(PacketQueue::close);
        claim.close();
    }

    @Override
    public String toString() {
        return object;
    }
}
