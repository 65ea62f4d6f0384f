package io.jvswitch.tap;

import io.jvswitch.wire.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A network device of any kind, by its name in a network namespace (netdevice(7), rtnetlink(7)).
 *
 * <p>It holds only the name: each method asks the kernel again, so the device may come and go. Immutable; any thread
 * may use it as long as the namespace is open.
 */
public final class NetDevice {

    /** {@code struct jvs_device} of netdev.c: name 16, index 4, MTU 4, flags 4, hardware type 4, MAC address 8. */
    static final int DEVICE_BYTES = 40;

    private static final int INDEX = 16;
    private static final int MTU = 20;
    private static final int FLAGS = 24;
    private static final int HARDWARE = 28;
    private static final int MAC = 32;

    /** include/uapi/linux/if.h. */
    static final int IFF_UP = 0x1;

    static final int IFF_RUNNING = 0x40;

    /** include/uapi/linux/if_arp.h. */
    static final int ARPHRD_ETHER = 1;

    private final NetworkNamespace namespace;
    private final String name;
    private final String object;

    private NetDevice(NetworkNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
        this.object = "device " + name;
    }

    /** A device of the current namespace. */
    public static NetDevice named(String name) {
        return named(NetworkNamespace.current(), name);
    }

    /**
     * A device of a namespace, which the caller keeps open.
     *
     * @throws IllegalArgumentException when Linux does not accept such a name
     */
    public static NetDevice named(NetworkNamespace namespace, String name) {
        try (Arena arena = Arena.ofConfined()) {
            nameSegment(arena, name);
        }
        return new NetDevice(namespace, name);
    }

    /** A device name in the form that the kernel expects. */
    static MemorySegment nameSegment(Arena arena, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length >= NativeCalls.NAME_BYTES) {
            throw new IllegalArgumentException(
                    "device name '" + name + "' has " + bytes.length + " bytes; Linux takes 1 to 15");
        }
        MemorySegment segment = arena.allocate(NativeCalls.NAME_BYTES);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    public String name() {
        return name;
    }

    /** Whether a device of that name exists now. */
    public boolean exists() throws NativeException {
        try {
            read();
            return true;
        } catch (NativeException e) {
            if (e.isGone()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Name, index, MTU, MAC address, flags and master as they are now. The name is the device's primary one, even where
     * this is an alternative name ({@code ip link property add altname}).
     *
     * @throws NativeException with {@link NativeException#isGone()} when there is no such device
     */
    public DeviceState read() throws NativeException {
        try (Arena arena = Arena.ofConfined();
                Control control = new Control()) {
            MemorySegment device = arena.allocate(DEVICE_BYTES, Long.BYTES);
            device.copyFrom(nameSegment(arena, name));
            control.check(NativeCalls.deviceRead(control.fd(), device.address()), Operation.READ_DEVICE);
            int flags = device.get(ValueLayout.JAVA_INT, FLAGS);
            int index = device.get(ValueLayout.JAVA_INT, INDEX);
            control.check(NativeCalls.deviceName(control.fd(), index, device.address()), Operation.READ_DEVICE);
            return new DeviceState(
                    index,
                    device.getString(0),
                    device.get(ValueLayout.JAVA_INT, MTU),
                    new MacAddress(device.get(ValueLayout.JAVA_LONG, MAC)),
                    device.get(ValueLayout.JAVA_INT, HARDWARE) == ARPHRD_ETHER,
                    (flags & IFF_UP) != 0,
                    (flags & IFF_RUNNING) != 0,
                    control.check(NativeCalls.deviceMaster(namespace.fd(), index), Operation.CHECK_DEVICE));
        }
    }

    /**
     * Frames that the device has not accepted from its own stack since it was created ({@code tx_dropped} of {@code ip
     * -s link}).
     *
     * @throws NativeException with {@link NativeException#isGone()} when there is no such device
     */
    public long transmitDrops() throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            long text = nameSegment(arena, name).address();
            return NativeException.check(
                    NativeCalls.deviceTransmitDrops(namespace.fd(), text), object, Operation.READ_STATISTICS);
        }
    }

    /**
     * What the kernel has counted of the device since it was created.
     *
     * @throws NativeException with {@link NativeException#isGone()} when there is no such device
     */
    public DeviceStatistics statistics() throws NativeException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(DeviceStatistics.FIELDS * (long) Long.BYTES, Long.BYTES);
            int outcome = NativeCalls.deviceStatistics(
                    namespace.fd(), nameSegment(arena, name).address(), values.address(), DeviceStatistics.FIELDS);
            NativeException.check(outcome, object, Operation.READ_STATISTICS);
            return DeviceStatistics.read(values);
        }
    }

    /** Sets the largest packet, without the Ethernet header. */
    public void setMtu(int bytes) throws NativeException {
        try (Arena arena = Arena.ofConfined();
                Control control = new Control()) {
            long text = nameSegment(arena, name).address();
            control.check(NativeCalls.deviceSetMtu(control.fd(), text, bytes), Operation.SET_MTU);
        }
    }

    /**
     * Sets how large a superframe the device's own stack may make ({@code gso_max_size} of {@code ip -d link}, IPv4's
     * too). Its owner may change it later.
     *
     * @param bytes includes Linux's largest TCP header, some 300 bytes; 65,536 is the default
     */
    public void setGsoMax(int bytes) throws NativeException {
        int outcome = NativeCalls.deviceSetGsoMax(namespace.fd(), read().index(), bytes);
        NativeException.check(outcome, object, Operation.SET_GSO_MAX);
    }

    /** Sets the MAC address. */
    public void setMac(MacAddress mac) throws NativeException {
        try (Arena arena = Arena.ofConfined();
                Control control = new Control()) {
            long text = nameSegment(arena, name).address();
            control.check(NativeCalls.deviceSetMac(control.fd(), text, mac.bits()), Operation.SET_MAC);
        }
    }

    /** Sets it up or down. */
    public void setUp(boolean up) throws NativeException {
        try (Arena arena = Arena.ofConfined();
                Control control = new Control()) {
            long text = nameSegment(arena, name).address();
            control.check(NativeCalls.deviceSetUp(control.fd(), text, up), Operation.SET_UP);
        }
    }

    /**
     * Moves it to another namespace. Linux sets it down in the process and removes its addresses.
     *
     * @param newName its name in the new namespace
     */
    public void moveTo(NetworkNamespace target, String newName) throws NativeException {
        int index = read().index();
        try (Arena arena = Arena.ofConfined()) {
            long text = nameSegment(arena, newName).address();
            int outcome = NativeCalls.deviceMove(namespace.fd(), index, target.fd(), text);
            NativeException.check(outcome, object, Operation.MOVE_DEVICE);
        }
    }

    @Override
    public String toString() {
        return object;
    }

    /** The socket for device requests; its namespace is the one that they are about. */
    private final class Control implements AutoCloseable {

        private final Descriptor descriptor;

        Control() throws NativeException {
            descriptor = new Descriptor(check(NativeCalls.deviceSocket(namespace.fd()), Operation.OPEN_CONTROL));
        }

        int fd() {
            return descriptor.get();
        }

        int check(int outcome, Operation operation) throws NativeException {
            return NativeException.check(outcome, object, operation);
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }
}
