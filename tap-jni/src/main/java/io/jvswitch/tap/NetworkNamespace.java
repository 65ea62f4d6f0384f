package io.jvswitch.tap;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * A network namespace in which devices and sockets are opened, or to which a device is moved.
 *
 * <p>Holds the namespace open, so that it lives until {@link #close()} even when its name is deleted. No thread of the
 * JVM ever moves to another namespace: what must be opened there is opened on a native thread of its own.
 *
 * <p>Immutable; any thread may use it, and close it once nobody does.
 */
public final class NetworkNamespace implements AutoCloseable {

    /** The natives' argument for the process's own namespace. */
    static final int CURRENT_FD = -1;

    private static final NetworkNamespace CURRENT =
            new NetworkNamespace("the current namespace", new Descriptor(CURRENT_FD));

    private final String label;
    private final Descriptor descriptor;

    NetworkNamespace(String label, Descriptor descriptor) {
        this.label = label;
        this.descriptor = descriptor;
    }

    /** The namespace that the process is in. Closing it does nothing. */
    public static NetworkNamespace current() {
        return CURRENT;
    }

    /**
     * A namespace that {@code ip netns add} made.
     *
     * @param name as {@code ip netns list} shows it
     * @throws NativeException when there is none of that name, or entering it is not permitted
     */
    public static NetworkNamespace named(String name) throws NativeException {
        if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a network namespace's name: expected one that 'ip netns list' shows");
        }
        return open("network namespace " + name, "/run/netns/" + name);
    }

    /**
     * The namespace of a process, such as a container's.
     *
     * @throws NativeException when there is no such process, or entering its namespace is not allowed
     */
    public static NetworkNamespace ofPid(long pid) throws NativeException {
        return open("network namespace of process " + pid, "/proc/" + pid + "/ns/net");
    }

    /**
     * The namespace that a file refers to, such as {@code /var/run/docker/netns/default}.
     *
     * @throws NativeException when the file is missing or no network namespace, or entering it is not allowed
     */
    public static NetworkNamespace ofPath(Path path) throws NativeException {
        return open("network namespace " + path, path.toAbsolutePath().toString());
    }

    private static NetworkNamespace open(String label, String path) throws NativeException {
        Descriptor descriptor;
        try (Arena arena = Arena.ofConfined()) {
            int fd = NativeCalls.namespaceOpen(arena.allocateFrom(path).address());
            descriptor = new Descriptor(NativeException.check(fd, label, Operation.OPEN_NAMESPACE));
        }
        try {
            NativeException.check(NativeCalls.namespaceCheck(descriptor.get()), label, Operation.ENTER_NAMESPACE);
        } catch (NativeException e) {
            descriptor.close();
            throw e;
        }
        return new NetworkNamespace(label, descriptor);
    }

    /**
     * The descriptor for the natives.
     *
     * @throws IllegalStateException when closed: the current namespace must not be used in place of another by accident
     */
    int fd() {
        int fd = descriptor.get();
        if (fd == Descriptor.CLOSED && this != CURRENT) {
            throw new IllegalStateException(label + " is closed");
        }
        return fd;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return label;
    }
}
