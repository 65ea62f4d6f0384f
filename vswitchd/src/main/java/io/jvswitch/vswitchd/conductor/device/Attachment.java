package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.DeviceState;
import io.jvswitch.tap.NativeException;
import io.jvswitch.wire.PortQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port's device while it is open: what a kind of port differs by. The conductor's; the queues are the workers'.
 *
 * <p>Closing it needs workers that have let its queues go ({@link io.jvswitch.datapath.worker.Workers#removePort}).
 */
public interface Attachment extends AutoCloseable {

    /** The queues, each for one worker. */
    List<? extends PortQueue> queues();

    /** The device's MTU as last known. */
    int mtuBytes();

    /**
     * The device shall have this MTU: one that the switch made follows, unless somebody has given it another one
     * meanwhile, such as a container that wants less.
     *
     * @param configured whether the configuration asks for it, which counts for more than anybody's
     */
    void followMtu(int bytes, boolean configured) throws NativeException;

    /** A device that the switch made keeps its owner's superframes to this size, as {@code gso_max_size} counts it. */
    default void limitSuperframes(int bytes) throws NativeException {}

    /**
     * Frames that the kernel dropped on their way to the queues since the device was made, as far as the queues do not
     * tell it themselves.
     */
    default long kernelDrops() throws NativeException {
        return 0;
    }

    /** Names of the offloads in use, as {@code PortView} tells them. */
    List<String> offloads();

    /** The device's number in its namespace, 0 where nobody follows it by that. */
    default int deviceIndex() {
        return 0;
    }

    /** The device as it was when the kernel told of it last, null where nobody follows it by that. */
    default @Nullable DeviceState state() {
        return null;
    }

    /** The device is to be there when the daemon has ended: {@link #close} then leaves it. */
    default void leave() {}

    /** The kernel's news of the device. */
    default void follow(DeviceState state) {}

    /** Why the device carries no frames though it is there, null when it does. */
    default @Nullable String linkTrouble() {
        return null;
    }

    /** Whether the device has gone under the switch. */
    boolean isGone();

    /** What an operator reads when the device has gone under the switch. */
    String lostText();

    @Override
    void close();
}
