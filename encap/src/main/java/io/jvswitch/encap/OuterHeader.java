package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EthernetHeader;
import org.jspecify.annotations.Nullable;

/** Makes room for a tunnel header in the headroom, and strips one: the same for all kinds. */
final class OuterHeader {

    private OuterHeader() {}

    /** Grows the frame at its front; false, and unchanged, without headroom. */
    static boolean push(Frame frame, int bytes) {
        if (!frame.push(bytes)) {
            return false;
        }
        shiftGsoHeader(frame, bytes);
        return true;
    }

    /** Removes a checked header; what is left must hold an Ethernet header. */
    static @Nullable DropReason strip(Frame frame, int bytes) {
        if (frame.length() - bytes < EthernetHeader.BYTES) {
            return DropReason.ETHERNET_TRUNCATED;
        }
        frame.pop(bytes);
        shiftGsoHeader(frame, -bytes);
        return null;
    }

    private static void shiftGsoHeader(Frame frame, int bytes) {
        if (frame.gsoHeaderBytes() != 0) {
            frame.setGso(frame.gsoType(), frame.gsoSizeBytes(), frame.gsoHeaderBytes() + bytes);
        }
    }
}
