package io.jvswitch.vswitchd.capture;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.netty.buffer.ByteBuf;

/** Writes a capture in a format. One thread. */
public interface CaptureWriter {

    /** What stands before the first frame. */
    void begin(ByteBuf out);

    /** A frame. */
    void frame(ByteBuf out, CapturedFrame frame);

    /**
     * What stands behind the last frame.
     *
     * @param lost frames that could not be kept
     * @param epochNs now, in nanoseconds since 1970
     */
    void end(ByteBuf out, long lost, long epochNs);
}
