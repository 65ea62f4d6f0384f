package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.CaptureRing;
import io.jvswitch.datapath.capture.CaptureTap;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.mtu.ErrorRateLimiter;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.PortQueue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One data-path thread's work, as a duty cycle: a burst from every ready queue, a few commands before each, a slice of
 * housekeeping.
 *
 * <p>{@link #doWork} never blocks. Everything in it belongs to the thread that calls {@code doWork}; other threads talk
 * to it by its {@link #proxy()}. Frames never change workers.
 */
public final class Worker {

    /** Frames that wait to be flooded. */
    private static final int MAX_FLOODS = 512;

    private static final long REPORT_PERIOD_NS = 1_000_000_000;

    private final int number;
    private final FramePool pool;
    private final FlowTable<Verdict> flows;
    private final CounterTable counters = new CounterTable();
    private final CaptureTap tap = new CaptureTap();
    private final Outputs outputs;
    private final Finisher finisher;
    private final FloodQueue floods;
    private final ActionExecutor executor;
    private final Pipeline pipeline;
    private final Housekeeping housekeeping;
    private final List<PortSlot> slots = new ArrayList<>();
    private final WorkerReports reports;
    private final WorkerInbox inbox;
    private final WorkerProxy proxy;
    private final WorkerReactor reactor;
    private final CycleTimes times = new CycleTimes();
    private volatile long threadId;
    private @Nullable RuntimeException defect;
    private long nextReportNs = Long.MIN_VALUE;

    /**
     * A worker that waits in a reactor when it has nothing to do; run it by a {@link WorkerAgent}.
     *
     * @param number 0 for the first worker
     * @param settings sizes and times
     * @param conductor where the conductor listens; all workers share it
     * @param reactor where idle queues wait
     */
    public Worker(int number, WorkerSettings settings, ConductorInbox conductor, NettyReactor reactor) {
        this(number, settings, conductor, reactor, WorkerAgent.CLOCK);
    }

    /**
     * A worker for in-memory queues, which never waits: its caller runs {@link #doWork}. No time passes within a cycle.
     */
    public Worker(int number, WorkerSettings settings, ConductorInbox conductor) {
        this(number, settings, conductor, () -> 0);
    }

    /**
     * A worker for in-memory queues, as above.
     *
     * @param clock nanoseconds, by which the worker bounds its housekeeping within a cycle
     */
    public Worker(int number, WorkerSettings settings, ConductorInbox conductor, LongSupplier clock) {
        this(number, settings, conductor, WorkerReactor.NONE, clock);
    }

    private Worker(
            int number, WorkerSettings settings, ConductorInbox conductor, WorkerReactor reactor, LongSupplier clock) {
        this.number = number;
        this.reactor = reactor;
        reports = new WorkerReports(number, conductor);
        inbox = new WorkerInbox(reactor::wakeup);
        proxy = new WorkerProxy(this, inbox);
        pool = new FramePool(settings.poolFrames(), settings.bufferBytes());
        flows = new FlowTable<>(settings.maxFlows(), settings.cacheEntries(), this::visit);
        outputs = new Outputs(counters, pool, tap);
        Segmenter segmenter = new Segmenter();
        finisher = new Finisher(pool, counters, segmenter, tap);
        Encapsulator encapsulator = new Encapsulator(pool, outputs, finisher, segmenter, new ErrorRateLimiter());
        floods = new FloodQueue(Math.max(1, Math.min(MAX_FLOODS, Integer.highestOneBit(settings.poolFrames() / 4))));
        RecirculationQueue again = new RecirculationQueue();
        executor = new ActionExecutor(reports, pool, outputs, encapsulator, floods, again);
        pipeline = new Pipeline(reports, flows, counters, executor, pool, segmenter, tap, again);
        housekeeping = new Housekeeping(flows, pipeline, settings.flowIdleNs(), clock);
    }

    public int number() {
        return number;
    }

    /** By which other threads talk to it. */
    public WorkerProxy proxy() {
        return proxy;
    }

    /** The megaflows; dumping them from another thread is safe. */
    public FlowTable<Verdict> flows() {
        return flows;
    }

    public CounterTable counters() {
        return counters;
    }

    /** Recirculation ids that are given; of the worker's thread. */
    int recirculationIds() {
        return pipeline.recirculationIds();
    }

    /** How long its duty cycles take, when a {@link WorkerAgent} runs it. */
    public CycleTimes times() {
        return times;
    }

    /** Of the thread that a {@link WorkerAgent} runs it on, for what the JVM counts a thread; 0 before it runs. */
    public long threadId() {
        return threadId;
    }

    /** Frames in its pool. */
    public int poolFrames() {
        return pool.size();
    }

    /** Frames in its pool that are free now; may lag. */
    public int freeFrames() {
        return pool.free();
    }

    // ---- on the worker's thread, between two bursts: what a proxy asks for ----

    /** As {@link WorkerProxy#addPort}. */
    void addPort(int port, PortQueue queue) {
        reports.forgetGone(port); // that was another device
        PortSlot slot = new PortSlot(port, queue, null, outputs.counters(port));
        slots.add(slot);
        outputs.addPort(port, new OutputQueue(reports, port, null, queue, slot.counters, pool, finisher, tap));
        reactor.add(slot);
    }

    /** No call on the port's queue follows. */
    void removePort(int port) {
        reports.forgetGone(port);
        outputs.removePort(port);
        forgetSlots(slot -> slot.tunnel == null && slot.port == port);
    }

    /** As {@link WorkerProxy#setTunnel}. */
    void setTunnel(
            TunnelKind kind,
            @Nullable PortQueue receive,
            List<? extends PortQueue> send,
            @Nullable PortQueue fragmenting) {
        forgetSlots(slot -> slot.tunnel == kind);
        PortCounters underlay = outputs.counters(Locations.UNDERLAY);
        outputs.setTunnel(
                kind,
                fragmenting == null ? null : tunnelQueue(kind, fragmenting, underlay),
                send.stream().map(queue -> tunnelQueue(kind, queue, underlay)).toArray(OutputQueue[]::new));
        if (receive != null) {
            PortSlot slot = new PortSlot(Locations.UNDERLAY, receive, kind, underlay);
            slots.add(slot);
            reactor.add(slot);
        }
    }

    private OutputQueue tunnelQueue(TunnelKind kind, PortQueue queue, PortCounters underlay) {
        return new OutputQueue(reports, Locations.UNDERLAY, kind, queue, underlay, pool, finisher, tap);
    }

    /** Adds a capture, which takes part until it is closed. */
    void addCapture(CaptureRing ring) {
        tap.add(ring);
    }

    /** As {@link WorkerProxy#inject}. */
    void inject(int port, byte[] frameBytes) {
        PortCounters portCounters = outputs.counters(port);
        portCounters.add(PortCounters.Kind.CREATED, 1);
        Frame frame = pool.take();
        if (frame == null || !frame.resize(frameBytes.length)) {
            portCounters.drop(DropReason.NO_BUFFER, 1);
            if (frame != null) {
                pool.release(frame);
            }
            return;
        }
        MemorySegment.copy(MemorySegment.ofArray(frameBytes), 0, frame.segment(), frame.start(), frameBytes.length);
        frame.setInPort(port);
        if (!outputs.toPort(port, frame)) {
            executor.drop(frame, DropReason.PORT_DOWN);
        }
    }

    // ---- on the worker's thread ----

    /** Tells which thread runs it. */
    void own() {
        threadId = Thread.currentThread().threadId();
    }

    private void visit(Flow<Verdict> flow) {
        pipeline.visit(flow);
    }

    /**
     * One duty cycle.
     *
     * @param nowNs the time, of {@link System#nanoTime()} or a test's clock
     * @return how much was done: 0 means idle
     * @throws RuntimeException an error of the switch's own, for the log: the frames that it cost are counted, and the
     *     next cycle goes on
     */
    public int doWork(long nowNs) {
        tap.begin(nowNs);
        int work = inbox.run(this);
        Snapshot current = inbox.adopt();
        for (int i = 0; i < slots.size(); i++) {
            PortSlot slot = slots.get(i);
            if (!slot.isReady()) {
                continue;
            }
            int count = visit(slot, current, nowNs);
            if (count == PortQueue.GONE) {
                gone(slot);
                i--;
                continue;
            }
            work += count;
            // Not after a short burst: more has often come while it was worked on, and asking costs less than waiting.
            if (count == 0) {
                slot.markDrained();
                reactor.drained(slot);
            }
            if (inbox.hasChanges()) {
                // a cycle of many busy ports is long, and who takes a port back waits for it
                work += inbox.runChanges(this);
                current = inbox.adopt();
            }
        }
        work += flood(current, nowNs);
        outputs.flush();
        if (housekeeping.isDue(nowNs, work == 0)) {
            keepHouse(current, nowNs);
        }
        reportDefect(nowNs);
        return work;
    }

    /** What goes to many places gets a share of the cycle, after what goes to one. */
    private int flood(Snapshot current, long nowNs) {
        if (floods.isEmpty()) {
            return 0;
        }
        try {
            int frames = pipeline.flood(floods, current, nowNs);
            outputs.flush();
            return frames;
        } catch (RuntimeException e) {
            defect = e;
            recover(outputs.counters(Locations.UNDERLAY)); // whose frame it was, nobody knows
            return 1;
        }
    }

    private void keepHouse(Snapshot current, long nowNs) {
        reports.beginPeriod(nowNs);
        try {
            housekeeping.slice(current, nowNs);
        } catch (RuntimeException e) {
            defect = e;
        }
    }

    /** A burst from one queue; an error in it ends with the burst. */
    private int visit(PortSlot slot, Snapshot current, long nowNs) {
        try {
            int count = pipeline.visit(slot, current, nowNs);
            outputs.flush();
            return count;
        } catch (RuntimeException e) {
            defect = e;
            recover(slot.counters);
            return 1; // the queue may have more
        }
    }

    /**
     * After an error nobody knows who had which frame of the burst. Between two visits nobody has any: what gathered
     * leaves, all others come back, and what the books lack is counted.
     */
    private void recover(PortCounters counted) {
        pipeline.abandon();
        outputs.flushAfterError();
        pool.reclaim();
        long lost = counters.unfinished();
        if (lost >= 0) {
            counted.drop(DropReason.DEFECT, lost);
        } else {
            counted.add(PortCounters.Kind.CREATED, -lost);
        }
    }

    /** Throws what went wrong, for the log, once a second at most: a guest that provokes it must not fill the disk. */
    private void reportDefect(long nowNs) {
        RuntimeException error = defect;
        defect = null;
        if (error != null && nowNs >= nextReportNs) {
            nextReportNs = nowNs + REPORT_PERIOD_NS;
            throw error;
        }
    }

    /** Whether housekeeping has a round to finish, so that an idle worker should go on at once. */
    public boolean isBehind() {
        return housekeeping.isBehind();
    }

    /** Whether a queue may have more right now. */
    boolean hasReadyPort() {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).isReady()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Carries out every command that is still queued: those who wait for their queues to be let go must not wait for
     * ever.
     */
    void finish() {
        while (inbox.run(this) > 0) {
            outputs.flush();
        }
    }

    private void gone(PortSlot slot) {
        reactor.remove(slot);
        slots.remove(slot);
        if (slot.tunnel == null) {
            outputs.removePort(slot.port);
            reports.gone(slot.port);
        }
    }

    private void forgetSlots(java.util.function.Predicate<PortSlot> which) {
        slots.removeIf(slot -> {
            if (which.test(slot)) {
                reactor.remove(slot);
                return true;
            }
            return false;
        });
    }

    /** Frees the frames' memory; call when {@link #doWork} will not be called again. */
    public void close() {
        pool.close();
    }
}
