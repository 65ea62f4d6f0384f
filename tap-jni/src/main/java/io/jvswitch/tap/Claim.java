package io.jvswitch.tap;

import java.lang.foreign.Arena;

/**
 * A name that only one process in a network namespace can hold. Taken before doing what the kernel would let two
 * processes do at once. The kernel releases it when the process ends, however it ends. Any thread.
 */
public final class Claim implements AutoCloseable {

    private final Descriptor socket;

    private Claim(Descriptor socket) {
        this.socket = socket;
    }

    /**
     * Takes a name.
     *
     * @param namespace the namespace in which the name is unique
     * @param name what is claimed, in at most 90 characters
     * @param object what error messages call it
     * @param taken the remedy when another process has it: one sentence without its full stop
     * @throws NativeException when another process has it, or the namespace cannot be entered
     */
    public static Claim of(NetworkNamespace namespace, String name, String object, String taken)
            throws NativeException {
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            fd = NativeCalls.claimName(
                    namespace.fd(), arena.allocateFrom("jvswitch/" + name).address());
        }
        if (fd == -Errno.EADDRINUSE) {
            throw new NativeException(object, Operation.CLAIM, Errno.EADDRINUSE, taken);
        }
        return new Claim(new Descriptor(NativeException.check(fd, object, Operation.CLAIM)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
