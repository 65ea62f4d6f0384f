package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.capture.Capture;
import io.jvswitch.datapath.capture.CaptureRing;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.wire.PortQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker as other threads see it: what they may ask of it, which it does between two bursts, and what they may
 * read, wait-free, of what it counts. Nothing here blocks.
 *
 * <p>Any thread; calls of one thread are carried out in its order, frames after changes.
 */
public final class WorkerProxy implements Capture.Source {

    private final Worker worker;
    private final WorkerInbox inbox;

    WorkerProxy(Worker worker, WorkerInbox inbox) {
        this.worker = worker;
        this.inbox = inbox;
    }

    /** 0 for the first worker. */
    public int number() {
        return worker.number();
    }

    // ---- asking ----

    /** From the next burst on, the worker translates against this snapshot. */
    public void publish(Snapshot next) {
        inbox.publish(next);
    }

    /** What was published last. */
    public Snapshot snapshot() {
        return inbox.snapshot();
    }

    /**
     * Version of the snapshot by which the worker treats every frame that it receives from now on, or a later one's;
     * {@link Long#MIN_VALUE} before it begins. Read with acquire semantics: what the worker wrote before it adopted
     * that version is visible.
     */
    public long adoptedVersionAcquire() {
        return inbox.adoptedAcquire();
    }

    /**
     * As {@link #adoptedVersionAcquire}, of the version at which rules are looked up: no older one is looked up by the
     * worker from now on, so that rules which only older ones see may go.
     */
    public long adoptedRulesAcquire() {
        return inbox.adoptedRulesAcquire();
    }

    /**
     * Runs {@code after} on the worker's thread when every frame that it receives from then on is treated by what had
     * been published before this call.
     */
    public void barrier(Runnable after) {
        inbox.add(ignored -> after.run());
    }

    /**
     * Gives the worker a queue of a local port: the first one it also sends by, further ones it only receives from. The
     * worker closes nothing: who opened the queue closes it after {@link #removePort}.
     */
    public void addPort(int port, PortQueue queue) {
        inbox.add(own -> own.addPort(port, queue));
    }

    /** Takes a port away, and runs {@code after} on the worker's thread when no call on its queue can follow. */
    public void removePort(int port, Runnable after) {
        inbox.add(own -> {
            own.removePort(port);
            after.run();
        });
    }

    /**
     * Gives the worker its sockets of one kind of tunnel.
     *
     * @param receive what it receives from, null for none
     * @param send what it sends by; a flow's hash picks one
     * @param fragmenting what it sends by when a packet is larger than the path takes and must not be lost; null for
     *     none
     */
    public void setTunnel(
            TunnelKind kind,
            @Nullable PortQueue receive,
            List<? extends PortQueue> send,
            @Nullable PortQueue fragmenting) {
        inbox.add(own -> own.setTunnel(kind, receive, send, fragmenting));
    }

    /** Takes a kind of tunnel away, and runs {@code after} when no call on its sockets can follow. */
    public void removeTunnel(TunnelKind kind, Runnable after) {
        inbox.add(own -> {
            own.setTunnel(kind, null, List.of(), null);
            after.run();
        });
    }

    @Override
    public void addCapture(CaptureRing ring) {
        inbox.add(own -> own.addCapture(ring));
    }

    /**
     * Sends a frame of the switch's own making (a DHCP reply) out of a local port.
     *
     * @return false when too many wait, and this one is dropped
     */
    public boolean inject(int port, byte[] frameBytes) {
        return inbox.offerFrame(own -> own.inject(port, frameBytes));
    }

    // ---- reading ----

    /** The megaflows; dumping them is safe. */
    public FlowTable<Verdict> flows() {
        return worker.flows();
    }

    public CounterTable counters() {
        return worker.counters();
    }

    /** How long its duty cycles take, when a {@link WorkerAgent} runs it. */
    public CycleTimes times() {
        return worker.times();
    }

    /** Of the thread that a {@link WorkerAgent} runs it on, for what the JVM counts a thread; 0 before it runs. */
    public long threadId() {
        return worker.threadId();
    }

    /** Frames in its pool. */
    public int poolFrames() {
        return worker.poolFrames();
    }

    /** Frames in its pool that are free now; may lag. */
    public int freeFrames() {
        return worker.freeFrames();
    }
}
