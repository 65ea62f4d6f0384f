package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.NativeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the kernel's counters of frames that it had no room for, read now and then: how many are new. One object for
 * each opening of a device or socket, as the kernel counts from there. The conductor's.
 */
public final class KernelDrops {

    /** Asks the kernel. */
    public interface Counter {
        long read() throws NativeException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(KernelDrops.class);
    private static final long UNKNOWN = -1;
    /** The kernel counts a socket's drops in 32 bits, and starts again at 0 after the last. */
    private static final long SOCKET_MASK = 0xffff_ffffL;

    private final String object;
    private final Counter counter;
    private final long mask;
    private long seen;

    private KernelDrops(String object, Counter counter, long mask, long seen) {
        this.object = object;
        this.counter = counter;
        this.mask = mask;
        this.seen = seen;
    }

    /** Of a socket that was just opened: all that it ever drops is ours. */
    public static KernelDrops ofSocket(String object, Counter counter) {
        return new KernelDrops(object, counter, SOCKET_MASK, 0);
    }

    /** Of a device, which may be older than its use here. */
    public static KernelDrops ofDevice(String object, Counter counter) {
        KernelDrops drops = new KernelDrops(object, counter, Long.MAX_VALUE, UNKNOWN);
        drops.take();
        return drops;
    }

    /**
     * Frames that the kernel dropped since it was asked last; 0 while it does not tell, which a later answer makes up
     * for.
     */
    public long take() {
        long now;
        try {
            now = counter.read();
        } catch (NativeException e) {
            LOG.debug("what the kernel drops of {} is not known", object, e);
            return 0;
        }
        long before = seen;
        seen = now;
        return before == UNKNOWN ? 0 : now - before & mask;
    }
}
