package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Queries the kernel's routing in a network namespace (ip(7) {@code IP_MTU}, rtnetlink(7) {@code RTM_GETROUTE}).
 * Nothing is sent to anybody. Stateless; any thread may use it as long as the namespace is open.
 */
public final class Routes {

    /**
     * {@code struct jvs_route} of route.c: remote 16, source 16, gateway 16, interface 4, path MTU 4, learnt 4, route
     * MTU 4.
     */
    static final int ROUTE_BYTES = 64;

    private static final int REMOTE_HIGH = 0;
    private static final int REMOTE_LOW = 8;
    private static final int SOURCE_HIGH = 16;
    private static final int SOURCE_LOW = 24;
    private static final int GATEWAY_HIGH = 32;
    private static final int GATEWAY_LOW = 40;
    private static final int INTERFACE = 48;
    private static final int PATH_MTU = 52;
    private static final int LEARNT = 56;
    private static final int ROUTE_MTU = 60;

    private final NetworkNamespace namespace;

    private Routes(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** The routes of the current namespace. */
    public static Routes current() {
        return new Routes(NetworkNamespace.current());
    }

    /** The routes of a namespace, which the caller keeps open. */
    public static Routes in(NetworkNamespace namespace) {
        return new Routes(namespace);
    }

    /**
     * The route to an address.
     *
     * @param remote the destination
     * @param source the source address to use, or null to let the kernel choose
     * @throws NativeException when there is no route, or the source is not an address of this host
     */
    public Route to(IpAddress remote, @Nullable IpAddress source) throws NativeException {
        String object = "route to " + remote + (source == null ? "" : " from " + source);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment route = arena.allocate(ROUTE_BYTES, Long.BYTES);
            route.set(ValueLayout.JAVA_LONG, REMOTE_HIGH, remote.hi());
            route.set(ValueLayout.JAVA_LONG, REMOTE_LOW, remote.lo());
            if (source != null) {
                route.set(ValueLayout.JAVA_LONG, SOURCE_HIGH, source.hi());
                route.set(ValueLayout.JAVA_LONG, SOURCE_LOW, source.lo());
            }
            NativeException.check(NativeCalls.routeRead(namespace.fd(), route.address()), object, Operation.FIND_ROUTE);
            int index = route.get(ValueLayout.JAVA_INT, INTERFACE);
            String device = deviceName(arena, object, index);
            int deviceMtu = NetDevice.named(namespace, device).read().mtuBytes();
            int pathMtu = route.get(ValueLayout.JAVA_INT, PATH_MTU);
            int configured = route.get(ValueLayout.JAVA_INT, ROUTE_MTU);
            boolean learnt = route.get(ValueLayout.JAVA_INT, LEARNT) != 0;
            return new Route(
                    address(route, SOURCE_HIGH, SOURCE_LOW),
                    gateway(address(route, GATEWAY_HIGH, GATEWAY_LOW)),
                    device,
                    index,
                    deviceMtu,
                    pathMtu,
                    !learnt ? pathMtu : configured > 0 ? Math.min(configured, deviceMtu) : deviceMtu);
        }
    }

    private String deviceName(Arena arena, String object, int index) throws NativeException {
        MemorySegment name = arena.allocate(NativeCalls.NAME_BYTES);
        try (Descriptor control = new Descriptor(
                NativeException.check(NativeCalls.deviceSocket(namespace.fd()), object, Operation.OPEN_CONTROL))) {
            NativeException.check(
                    NativeCalls.deviceName(control.get(), index, name.address()), object, Operation.READ_DEVICE);
        }
        return name.getString(0);
    }

    private static IpAddress address(MemorySegment route, int high, int low) {
        return new IpAddress(route.get(ValueLayout.JAVA_LONG, high), route.get(ValueLayout.JAVA_LONG, low));
    }

    private static @Nullable IpAddress gateway(IpAddress address) {
        return address.hi() == 0 && address.lo() == 0 ? null : address;
    }
}
