package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.capture.Capture;
import io.jvswitch.datapath.capture.CaptureSelection;
import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.time.Moment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The captures under way: no more than a few, for each costs the workers a copy of the frames that it wants, and
 * memory.
 *
 * <p>{@link #open} is the conductor's; captures end on any thread.
 */
final class Captures {

    /** Captures at once. */
    static final int MOST = 4;

    private final Set<Open> open = ConcurrentHashMap.newKeySet();

    /**
     * Begins one.
     *
     * @param portNumbers the ports' numbers, the underlay's included
     * @throws ControlRefusedException when there is no such port, or there are enough captures
     */
    CaptureSource open(CaptureRequest request, Workers workers, Map<String, Integer> portNumbers, Moment now) {
        boolean any = request.port().equals(CaptureRequest.ANY_PORT) && !portNumbers.containsKey(request.port());
        Integer number = any ? Integer.valueOf(CaptureSelection.ANY_PORT) : portNumbers.get(request.port());
        if (number == null) {
            throw SpecChanges.noPort(request.port());
        }
        if (open.size() >= MOST) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.UNAVAILABLE,
                    "capture",
                    null,
                    "there are " + MOST + " already, as many as a switch takes at once",
                    "end one of them first");
        }
        CaptureSelection selection = new CaptureSelection(
                number, request.received(), request.sent(), request.drops(), request.snapBytes(), request.filter());
        Map<Integer, String> names = new HashMap<>();
        portNumbers.forEach((name, known) -> names.put(known, name));
        Open opened = new Open(number, Capture.start(selection, workers.all()), workers.numbered(0), names, now);
        open.add(opened);
        return opened;
    }

    /** Ends all: the switch stops. */
    void end() {
        open.forEach(Open::end);
    }

    private final class Open implements CaptureSource {

        private final int port;
        private final Capture capture;
        private final WorkerProxy worker;
        private final Map<Integer, String> names;
        private final long epochOffsetNs;
        private volatile boolean ended;

        Open(int port, Capture capture, WorkerProxy worker, Map<Integer, String> names, Moment now) {
            this.port = port;
            this.capture = capture;
            this.worker = worker;
            this.names = names;
            epochOffsetNs = now.epochNs() - now.ns();
        }

        @Override
        public int drain(int most, Consumer<CapturedFrame> reader) {
            return capture.drain(most, reader);
        }

        @Override
        public long lost() {
            return capture.lost();
        }

        @Override
        public int firstPort() {
            return port == CaptureSelection.ANY_PORT ? Locations.UNDERLAY : port;
        }

        @Override
        public String portName(int number) {
            Port now = worker.snapshot().port(number);
            return now != null ? now.name() : names.getOrDefault(number, "port " + number);
        }

        @Override
        public long epochNs(long timeNs) {
            return timeNs + epochOffsetNs;
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }

        void end() {
            ended = true;
            close();
        }

        @Override
        public void close() {
            capture.close();
            open.remove(this);
        }
    }
}
