package io.jvswitch.vswitchd.capture;

import io.jvswitch.datapath.capture.CapturedFrame;
import java.util.function.Consumer;

/** A capture under way, for one reader. {@link #close} and {@link #hasEnded} are any thread's. */
public interface CaptureSource extends AutoCloseable {

    /**
     * Takes out what was captured.
     *
     * @param most about how many frames
     * @return how many were there
     */
    int drain(int most, Consumer<CapturedFrame> reader);

    /** Frames that were not kept because the reader was too slow. */
    long lost();

    /** Number of the port, of the underlay where it is of all. */
    int firstPort();

    /** The name of a port of a captured frame. */
    String portName(int number);

    /** A captured frame's time in nanoseconds since 1970. */
    long epochNs(long timeNs);

    /** Whether the switch has ended it: nothing more will come. */
    boolean hasEnded();

    /** Ends it; what was captured until now can still be taken out. More than once does no harm. */
    @Override
    void close();
}
