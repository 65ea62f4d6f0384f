package io.jvswitch.tap;

import io.jvswitch.wire.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A TAP: an Ethernet device whose other end is this process (Documentation/networking/tuntap.rst). Its owner, in
 * whatever network namespace it is, uses the device; we are the switch at the other end of the cable, through its
 * {@link TapQueue}s.
 *
 * <p>When somebody renames the device or moves it to another namespace, every method still works on it. When somebody
 * deletes it, methods throw a {@link NativeException} for which {@link NativeException#isGone()} is true, and its
 * queues return {@link TapQueue#GONE}.
 *
 * <p>Methods may be called by any thread, one at a time; each queue belongs to its worker.
 */
public final class TapDevice implements AutoCloseable {

    /**
     * The device may hand us frames without a transport checksum ({@code TUN_F_CSUM}); the other offloads need this
     * one.
     */
    public static final int OFFLOAD_CHECKSUM = 0x01;
    /** The device may hand us TCP/IPv4 superframes ({@code TUN_F_TSO4}). */
    public static final int OFFLOAD_TSO4 = 0x02;
    /** The device may hand us TCP/IPv6 superframes ({@code TUN_F_TSO6}). */
    public static final int OFFLOAD_TSO6 = 0x04;
    /** TCP superframes may carry ECN ({@code TUN_F_TSO_ECN}). */
    public static final int OFFLOAD_TSO_ECN = 0x08;
    /** The device may hand us UDP/IPv4 superframes ({@code TUN_F_USO4}, Linux 6.2). */
    public static final int OFFLOAD_USO4 = 0x20;
    /** The device may hand us UDP/IPv6 superframes ({@code TUN_F_USO6}, Linux 6.2); Linux takes both or neither. */
    public static final int OFFLOAD_USO6 = 0x40;

    private static final int OFFLOAD_USO = OFFLOAD_USO4 | OFFLOAD_USO6;

    private final String object;
    private final String name;
    private final int vnetHeaderBytes;
    private final int offloads;
    private final Descriptor control;
    private final List<TapQueue> queues;

    private TapDevice(String name, int vnetHeaderBytes, int offloads, Descriptor control, List<TapQueue> queues) {
        this.object = "TAP " + name;
        this.name = name;
        this.vnetHeaderBytes = vnetHeaderBytes;
        this.offloads = offloads;
        this.control = control;
        this.queues = queues;
    }

    /**
     * Creates the device, or attaches to it.
     *
     * @throws NativeException naming the device, the call and the remedy; nothing is left behind
     */
    public static TapDevice open(TapOptions options) throws NativeException {
        if (options.attach() == TapOptions.Attach.EXISTING) {
            NetDevice.named(options.namespace(), options.name()).read();
        }
        List<Descriptor> opened = new ArrayList<>();
        TapDevice device = null;
        try (Arena arena = Arena.ofConfined()) {
            device = open(options, NetDevice.nameSegment(arena, options.name()), opened);
            return device;
        } finally {
            if (device == null) {
                opened.forEach(Descriptor::close);
            }
        }
    }

    private static TapDevice open(TapOptions options, MemorySegment name, List<Descriptor> opened)
            throws NativeException {
        String object = "TAP " + options.name();
        boolean multiQueue = options.queues() > 1;
        for (int i = 0; i < options.queues(); i++) {
            Descriptor queue = new Descriptor(NativeException.check(
                    NativeCalls.tapOpen(options.namespace().fd()), object, Operation.OPEN_TUN));
            opened.add(queue);
            multiQueue = attach(queue.get(), options, name, multiQueue, i == 0);
            if (options.vnetHeaderBytes() > 0) {
                NativeException.check(
                        NativeCalls.tapSetVnetHeader(queue.get(), options.vnetHeaderBytes()),
                        object,
                        Operation.TAP_VNET_HEADER);
            }
        }
        int first = opened.getFirst().get();
        boolean takesUso = options.vnetHeaderBytes() > 0 && knowsUso(first);
        List<TapQueue> queues = new ArrayList<>();
        for (Descriptor queue : opened) {
            queues.add(new TapQueue(queue, multiQueue, options.vnetHeaderBytes(), takesUso));
        }
        int offloads = negotiateOffloads(first, object, options.offloads());
        Descriptor control =
                new Descriptor(NativeException.check(NativeCalls.duplicate(first), object, Operation.DUPLICATE));
        opened.add(control);
        if (options.persistent()) {
            NativeException.check(NativeCalls.tapSetPersistent(first, true), object, Operation.TAP_PERSIST);
        }
        return new TapDevice(name.getString(0), options.vnetHeaderBytes(), offloads, control, List.copyOf(queues));
    }

    /** Attaches a descriptor to the device, which is created if need be; returns whether the device is multi-queue. */
    private static boolean attach(int fd, TapOptions options, MemorySegment name, boolean multiQueue, boolean first)
            throws NativeException {
        String object = "TAP " + options.name();
        boolean vnet = options.vnetHeaderBytes() > 0;
        boolean exclusive = first && options.attach() == TapOptions.Attach.CREATE;
        boolean queues = multiQueue;
        int outcome = NativeCalls.tapAttach(fd, name.address(), queues, vnet, exclusive);
        if (outcome == -Errno.EINVAL && !queues && !exclusive) {
            // An existing device that was created as multi-queue must be requested as such.
            queues = true;
            outcome = NativeCalls.tapAttach(fd, name.address(), queues, vnet, exclusive);
        }
        if (outcome == -Errno.EBUSY && exclusive) {
            throw new NativeException(
                    object,
                    Operation.ATTACH_TAP,
                    Errno.EBUSY,
                    "a device of that name exists; delete it ('ip link delete " + options.name()
                            + "') or choose another name");
        }
        NativeException.check(outcome, object, Operation.ATTACH_TAP);
        return queues;
    }

    /** Whether the kernel knows UDP superframes: the only way to find out is to offer to receive some. */
    private static boolean knowsUso(int fd) {
        return NativeCalls.tapSetOffload(fd, OFFLOAD_CHECKSUM | OFFLOAD_USO) == 0;
    }

    /** Asks for fewer offloads until the kernel agrees, leaving out newer kinds of superframe first. */
    private static int negotiateOffloads(int fd, String object, int wanted) throws NativeException {
        int accepted = wanted;
        int outcome = NativeCalls.tapSetOffload(fd, accepted);
        if (outcome == -Errno.EINVAL && (accepted & OFFLOAD_USO) != 0) {
            accepted &= ~OFFLOAD_USO;
            outcome = NativeCalls.tapSetOffload(fd, accepted);
        }
        NativeException.check(outcome, object, Operation.TAP_OFFLOAD);
        return accepted;
    }

    /** The name that it was opened with, with the number that the kernel chose for {@code %d}. */
    public String name() {
        return name;
    }

    /** How many queues were opened. */
    public int queueCount() {
        return queues.size();
    }

    /** The queue of a worker, 0 to {@link #queueCount()} - 1. */
    public TapQueue queue(int index) {
        return queues.get(index);
    }

    /** Size of the virtio-net header, 0 without one. */
    public int vnetHeaderBytes() {
        return vnetHeaderBytes;
    }

    /** The {@code OFFLOAD_} bits that the kernel agreed to when the device was opened. */
    public int offloads() {
        return offloads;
    }

    /** The name that it has now. */
    public String currentName() throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(NativeCalls.NAME_BYTES);
            NativeException.check(NativeCalls.tapName(control.get(), text.address()), object, Operation.TAP_NAME);
            return text.getString(0);
        }
    }

    /**
     * The namespace that it is in now; the caller closes it. Without CAP_NET_ADMIN it is assumed to be the current one.
     */
    public NetworkNamespace namespace() throws NativeException {
        int fd = NativeCalls.tapNamespace(control.get());
        if (fd == -Errno.EPERM) {
            return NetworkNamespace.current();
        }
        NativeException.check(fd, object, Operation.TAP_NAMESPACE);
        return new NetworkNamespace("the network namespace of " + object, new Descriptor(fd));
    }

    private interface Use<T> {
        T apply(NetDevice device) throws NativeException;
    }

    private <T> T onDevice(Use<T> use) throws NativeException {
        try (NetworkNamespace namespace = namespace()) {
            return use.apply(NetDevice.named(namespace, currentName()));
        }
    }

    /** Index, MTU, MAC address and flags as they are now. */
    public DeviceState read() throws NativeException {
        return onDevice(NetDevice::read);
    }

    /**
     * Frames from the owner that the kernel has dropped since the device was created because its queues were full: they
     * were sent faster than they were received. A superframe counts as one.
     */
    public long kernelDrops() throws NativeException {
        return onDevice(NetDevice::transmitDrops);
    }

    /** @param bytes 68 to 65,521, without the Ethernet header */
    public void setMtu(int bytes) throws NativeException {
        onDevice(device -> {
            device.setMtu(bytes);
            return device;
        });
    }

    /** @param bytes as {@link NetDevice#setGsoMax} */
    public void setGsoMax(int bytes) throws NativeException {
        onDevice(device -> {
            device.setGsoMax(bytes);
            return device;
        });
    }

    /** Sets the owner's MAC address. */
    public void setMac(MacAddress mac) throws NativeException {
        onDevice(device -> {
            device.setMac(mac);
            return device;
        });
    }

    /** Sets the owner's side up or down; a device that is down refuses frames with {@code TX_DEVICE_DOWN}. */
    public void setUp(boolean up) throws NativeException {
        onDevice(device -> {
            device.setUp(up);
            return device;
        });
    }

    /**
     * Plugs the cable in or unplugs it, as seen by the owner ({@code TUNSETCARRIER}); it is plugged in after opening.
     */
    public void setCarrier(boolean on) throws NativeException {
        NativeException.check(NativeCalls.tapSetCarrier(control.get(), on), object, Operation.TAP_CARRIER);
    }

    /**
     * Moves the device to another namespace; its queues stay here and go on working. Linux sets the device down in the
     * process and removes its addresses.
     *
     * @param newName its name in the new namespace
     */
    public void moveTo(NetworkNamespace target, String newName) throws NativeException {
        onDevice(device -> {
            device.moveTo(target, newName);
            return device;
        });
    }

    /** Closes the device and deletes it even if it is persistent. */
    public void remove() throws NativeException {
        int fd = control.get();
        if (fd != Descriptor.CLOSED) {
            int outcome = NativeCalls.tapSetPersistent(fd, false);
            close();
            if (!Errno.isGone(-outcome)) {
                NativeException.check(outcome, object, Operation.TAP_PERSIST);
            }
        }
    }

    /**
     * Closes every queue; unless the device is persistent, it disappears with the last one. A second call does nothing.
     */
    @Override
    public void close() {
        queues.forEach(TapQueue::close);
        control.close();
    }

    @Override
    public String toString() {
        return object;
    }
}
