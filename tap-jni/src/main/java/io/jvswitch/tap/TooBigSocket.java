package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Receives the ICMP errors to one of our addresses about packets that were too big: "destination unreachable" (RFC 792)
 * and "packet too big" (RFC 4443, section 3.2), complete with what they quote. The kernel still handles them as usual.
 *
 * <p>One thread waits and receives; any thread may call {@link #shutDown()}; call {@link #close()} once the waiting
 * thread is done.
 */
public final class TooBigSocket implements AutoCloseable {

    /** More than the maximum size of an ICMP error (RFC 1812, section 4.3.2.3; RFC 4443, section 2.4 (c)). */
    private static final int BUFFER_BYTES = 2_048;

    private final String object;
    private final Descriptor descriptor;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);

    private TooBigSocket(String object, Descriptor descriptor) {
        this.object = object;
        this.descriptor = descriptor;
    }

    /**
     * Opens it for errors sent to {@code local}.
     *
     * @throws NativeException naming the address, the call and the remedy; nothing is left behind
     */
    public static TooBigSocket open(NetworkNamespace namespace, IpAddress local) throws NativeException {
        String object = "raw ICMP socket " + local;
        int fd = NativeCalls.icmpOpen(namespace.fd(), local.hi(), local.lo());
        return new TooBigSocket(object, new Descriptor(NativeException.check(fd, object, Operation.OPEN_ICMP)));
    }

    /**
     * Waits for the next one.
     *
     * @return a message that is valid until the next call: ICMPv6, or IPv4 with its header; null once it was shut down
     */
    public @Nullable MemorySegment await() throws NativeException {
        try {
            while (NativeException.check(NativeCalls.icmpWait(descriptor.get()), object, Operation.READ_ICMP) > 0) {
                int length = NativeException.check(
                        NativeCalls.icmpReceive(descriptor.get(), buffer.address(), BUFFER_BYTES),
                        object,
                        Operation.READ_ICMP);
                if (length > 0) {
                    return buffer.asSlice(0, length);
                }
            }
            return null;
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** Ends {@link #await()}, now or the next one. */
    public void shutDown() {
        NativeCalls.icmpShutdown(descriptor.get());
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return object;
    }
}
