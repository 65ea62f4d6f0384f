package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.encap.TunnelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.AgentRunner;

/**
 * All workers of a switch: made here with what each needs, run on a thread each, and asked together for what all of
 * them must do before it counts.
 *
 * <p>{@link #start} and {@link #close} are the owner's; all else any thread's, as of {@link WorkerProxy}.
 */
public final class Workers implements AutoCloseable {

    private final List<WorkerProxy> all;
    private final List<AgentRunner> runners;

    private Workers(List<WorkerProxy> all, List<AgentRunner> runners) {
        this.all = List.copyOf(all);
        this.runners = List.copyOf(runners);
    }

    /**
     * Makes workers, which run after {@link #start}.
     *
     * @param count how many, at least one
     * @param settings sizes and times of each
     * @param inbox where the conductor listens
     * @param reactor what they block in
     * @param spinNs how long each polls for more after the last work before it blocks
     * @param onDefect told of errors of a worker's own, by its thread; it goes on
     */
    public static Workers of(
            int count,
            WorkerSettings settings,
            ConductorInbox inbox,
            NettyReactor.Kind reactor,
            long spinNs,
            Consumer<Throwable> onDefect) {
        List<WorkerProxy> all = new ArrayList<>();
        List<AgentRunner> runners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            NettyReactor own = new NettyReactor(reactor);
            Worker worker = new Worker(i, settings, inbox, own);
            WorkerAgent agent = new WorkerAgent(worker, own, spinNs);
            all.add(worker.proxy());
            runners.add(new AgentRunner(agent, onDefect::accept, null, agent));
        }
        return new Workers(all, runners);
    }

    /** Workers that somebody else runs, as tests do. */
    public static Workers of(List<WorkerProxy> all) {
        return new Workers(all, List.of());
    }

    /** Runs each on a thread of its own. */
    public void start() {
        runners.forEach(AgentRunner::startOnThread);
    }

    /** Each of them, in the order of their numbers. */
    public List<WorkerProxy> all() {
        return all;
    }

    /** The one with a number. */
    public WorkerProxy numbered(int number) {
        return all.get(number);
    }

    public int count() {
        return all.size();
    }

    /** From its next burst on, each translates against this snapshot. */
    public void publish(Snapshot snapshot) {
        all.forEach(worker -> worker.publish(snapshot));
    }

    /**
     * Version of a snapshot that every worker has adopted: each treats what it receives from now on by that one or a
     * later one. {@link Long#MIN_VALUE} while one has not begun. Read with acquire semantics.
     */
    public long adoptedVersionAcquire() {
        return least(WorkerProxy::adoptedVersionAcquire);
    }

    /**
     * As {@link #adoptedVersionAcquire}, of the version at which rules are looked up: what rule tables may purge up to.
     */
    public long adoptedRulesAcquire() {
        return least(WorkerProxy::adoptedRulesAcquire);
    }

    private long least(ToLongFunction<WorkerProxy> adopted) {
        return all.stream().mapToLong(adopted).min().orElse(Long.MAX_VALUE);
    }

    /**
     * Runs {@code after} when every frame that any worker receives from then on is treated by what had been published
     * before this call: the last worker's thread runs it.
     */
    public void barrier(Runnable after) {
        ask(WorkerProxy::barrier, after);
    }

    /** Takes a port away from all, and runs {@code after} when no call on any of its queues can follow. */
    public void removePort(int port, Runnable after) {
        ask((worker, done) -> worker.removePort(port, done), after);
    }

    /** Takes a kind of tunnel away from all, and runs {@code after} when no call on any of its sockets can follow. */
    public void removeTunnel(TunnelKind kind, Runnable after) {
        ask((worker, done) -> worker.removeTunnel(kind, done), after);
    }

    /** Asks each; the last one that has done it runs {@code after}, or the caller when there is none. */
    private void ask(BiConsumer<WorkerProxy, Runnable> what, Runnable after) {
        AtomicInteger left = new AtomicInteger(all.size() + 1);
        Runnable done = () -> {
            if (left.decrementAndGet() == 0) {
                after.run();
            }
        };
        all.forEach(worker -> what.accept(worker, done));
        done.run();
    }

    /** Ends their threads; each first carries out what was asked of it, and frees its memory. */
    @Override
    public void close() {
        runners.forEach(AgentRunner::close);
    }
}
