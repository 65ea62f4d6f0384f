package io.jvswitch.vswitchd.api;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A capture of frames that a test gives it. Its clock is one second ahead of its frames'. */
public final class FakeCapture implements CaptureSource {

    private final Queue<CapturedFrame> frames = new ConcurrentLinkedQueue<>();
    private final Queue<CapturedFrame> atClose = new ConcurrentLinkedQueue<>();
    private final int port;
    private volatile boolean ended;
    private volatile boolean closed;

    public FakeCapture(int port) {
        this.port = port;
    }

    /** A frame of port 1 from a guest's stack. */
    public static CapturedFrame frame(long timeNs, boolean leaving, @Nullable DropReason drop, byte[] bytes) {
        return frame(timeNs, 1, leaving, drop, 0, 0, false, bytes);
    }

    /** A frame of any kind. */
    public static CapturedFrame frame(
            long timeNs,
            int port,
            boolean leaving,
            @Nullable DropReason drop,
            int gsoSizeBytes,
            int tunnelFlags,
            boolean outer,
            byte[] bytes) {
        return new CapturedFrame(
                timeNs,
                port,
                leaving,
                drop,
                leaving ? 2 : port,
                bytes.length,
                gsoSizeBytes,
                tunnelFlags,
                tunnelFlags == 0 ? 0 : 42,
                IpAddress.parse("192.0.2.2"),
                50_000,
                IpAddress.parse("192.0.2.1"),
                outer,
                0,
                bytes);
    }

    public void offer(List<CapturedFrame> more) {
        frames.addAll(more);
    }

    /** Frames that the workers hand over when the capture is closed. */
    public void offerAtClose(List<CapturedFrame> last) {
        atClose.addAll(last);
    }

    /** The switch ends it. */
    public void end() {
        ended = true;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public int drain(int most, Consumer<CapturedFrame> reader) {
        int count = 0;
        while (count < most && !frames.isEmpty()) {
            reader.accept(frames.remove());
            count++;
        }
        return count;
    }

    @Override
    public long lost() {
        return 3;
    }

    @Override
    public int firstPort() {
        return port;
    }

    @Override
    public String portName(int number) {
        return number == Locations.UNDERLAY ? "underlay" : "tap-vm" + number;
    }

    @Override
    public long epochNs(long timeNs) {
        return timeNs + 1_000_000_000;
    }

    @Override
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        closed = true;
        frames.addAll(atClose);
        atClose.clear();
    }
}
