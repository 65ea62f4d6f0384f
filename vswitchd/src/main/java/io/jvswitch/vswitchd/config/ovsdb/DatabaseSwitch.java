package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.ovsdb.client.DatabaseListener;
import io.jvswitch.ovsdb.client.LockState;
import io.jvswitch.ovsdb.client.OvsdbClient;
import io.jvswitch.ovsdb.client.OvsdbOptions;
import io.jvswitch.ovsdb.client.Transaction;
import io.jvswitch.ovsdb.client.TransactionStatus;
import io.jvswitch.ovsdb.row.ChangeSet;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.ovsdb.row.RowChange;
import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.stream.Dialer;
import io.jvswitch.vswitchd.api.BridgeControl;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.view.BridgeView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a switch as Open vSwitch's database has it, and the database's status columns as the switch is. While another
 * daemon has the database's lock the switch has no bridges; while the server is away it stays as it is.
 *
 * <p>One thread of its own does all of it.
 */
public final class DatabaseSwitch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("ovs.bridge");
    private static final long STATISTICS_NS = TimeUnit.SECONDS.toNanos(5);

    private final BridgeControl bridges;
    private final DaemonClock clock;
    private final OvsdbClient client;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Semaphore work = new Semaphore(0);
    private final Thread thread;

    /** OpenFlow numbers that interfaces had when they were seen first. */
    private final Map<UUID, Long> formerNumbers = new HashMap<>();

    private final Set<String> warned = new HashSet<>();
    private @Nullable Wanted inForce;
    /** The configuration may have changed since it was read. */
    private boolean dirty;
    /** The switch may be another one than the database says. */
    private boolean statusDirty;
    /** The switch is on its way to what was read. */
    private boolean busy;
    /** A transaction has not been answered yet. */
    private boolean writing;

    private long nextStatisticsNs;
    private volatile boolean stopping;

    /** Told once, when the database knows that the switch is for the first time what it says. */
    private @Nullable Runnable ready;

    private DatabaseSwitch(
            ConnectionMethod server, Dialer dialer, BridgeControl bridges, DaemonClock clock, Runnable ready) {
        this.bridges = bridges;
        this.clock = clock;
        this.ready = ready;
        OvsdbOptions options =
                new OvsdbOptions(List.of(server), Columns.DATABASE, Columns.monitored(), Columns.LOCK, true);
        client = new OvsdbClient(
                dialer, options, new Listener(), work::release, clock.now().ns());
        thread = new Thread(this::run, "ovsdb");
    }

    /**
     * Connects, and goes on until it is closed.
     *
     * @param ready told once, by its thread, when the database knows that the switch is what it says
     */
    public static DatabaseSwitch start(
            ConnectionMethod server, Dialer dialer, BridgeControl bridges, DaemonClock clock, Runnable ready) {
        DatabaseSwitch database = new DatabaseSwitch(server, dialer, bridges, clock, ready);
        bridges.whenViewsChange(() -> database.later(() -> database.statusDirty = true));
        database.thread.start();
        return database;
    }

    private final class Listener implements DatabaseListener {
        @Override
        public void contentsChanged(ChangeSet changes) {
            dirty |= inForce == null || changes.changes().stream().anyMatch(Columns::isConfiguration);
            for (RowChange change : changes.of(Columns.INTERFACE)) {
                if (change instanceof RowChange.Deleted) {
                    formerNumbers.remove(change.row().uuid());
                }
            }
        }

        @Override
        public void lockChanged(LockState state) {
            dirty = true;
            if (state == LockState.CONTENDED) {
                LOG.error(
                        "another ovs-vswitchd process is running, disabling this process (pid {}) until it goes away",
                        ProcessHandle.current().pid());
            }
        }

        @Override
        public void followingChanged(boolean following) {
            dirty = true;
            writing = false;
        }
    }

    private void later(Runnable task) {
        tasks.add(task);
        work.release();
    }

    private void run() {
        while (!stopping) {
            long nowNs = clock.now().ns();
            work.drainPermits();
            boolean more = false;
            try {
                more = client.run(nowNs);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                goOn(nowNs);
            } catch (RuntimeException e) {
                LOG.error("following the database failed; it goes on", e);
            }
            if (!more) {
                await(nowNs);
            }
        }
        client.close();
    }

    private void await(long nowNs) {
        long deadlineNs = client.deadlineNs(nowNs);
        long untilClientNs = deadlineNs == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNs - nowNs;
        long untilStatisticsNs = nextStatisticsNs - nowNs;
        try {
            var _ = work.tryAcquire(Math.max(1, Math.min(untilClientNs, untilStatisticsNs)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    private void goOn(long nowNs) {
        if (dirty && !busy && client.isComplete()) {
            dirty = false;
            configure();
        }
        if (statusDirty && !busy && !writing && inForce != null && client.isFollowing()) {
            statusDirty = false;
            Wanted shown = inForce;
            var _ = bridges.views().whenComplete((views, failure) -> {
                if (failure == null) {
                    later(() -> write(StatusRows.of(client.contents(), views, shown.refused(), Map.of(), -1)));
                }
            });
        }
        if (nowNs - nextStatisticsNs >= 0) {
            nextStatisticsNs = nowNs + STATISTICS_NS;
            if (inForce != null && !busy && !writing && client.isFollowing()) {
                write(StatusRows.ofStatistics(client.contents(), InterfaceCounters.read(inForce.bridges(), _ -> true)));
            }
        }
    }

    /** Makes the switch what the database says. */
    private void configure() {
        if (client.lockState() == LockState.CONTENDED) {
            inForce = null;
            become(new Wanted(List.of(), Map.of(), List.of(), -1));
            return;
        }
        if (client.lockState() != LockState.HELD) {
            return; // it is told when it comes
        }
        Wanted wanted = BridgeRows.read(client.contents(), this::formerNumber);
        if (wanted != null && !wanted.equals(inForce)) {
            wanted.warnings().stream().filter(warned::add).forEach(LOG::warn);
            become(wanted);
        } else if (wanted != null) {
            statusDirty = true;
        }
    }

    private long formerNumber(Row row) {
        return formerNumbers.computeIfAbsent(
                row.uuid(),
                _ -> row.get(Columns.OFPORT).filter(number -> number > 0).orElse(0L));
    }

    private void become(Wanted wanted) {
        busy = true;
        var _ = bridges.become(wanted.bridges())
                .whenComplete((views, failure) -> later(() -> became(wanted, views, failure)));
    }

    private void became(Wanted wanted, List<BridgeView> views, @Nullable Throwable failure) {
        busy = false;
        if (failure != null) {
            LOG.error("the switch does not become what the database says", failure);
            return;
        }
        if (wanted.nextCfg() >= 0 && !dirty) {
            inForce = wanted;
            Set<String> uncounted = new HashSet<>();
            for (Row row : client.contents().rows(Columns.INTERFACE)) {
                if (row.get(Columns.STATISTICS).isEmpty()) {
                    uncounted.add(row.get(Columns.NAME));
                }
            }
            Map<String, Map<String, Long>> first = InterfaceCounters.read(wanted.bridges(), uncounted::contains);
            write(StatusRows.of(client.contents(), views, wanted.refused(), first, wanted.nextCfg()));
        } else if (wanted.nextCfg() >= 0) {
            inForce = wanted; // what has come meanwhile is told together with this
        }
    }

    private void write(Transaction transaction) {
        if (transaction.isEmpty()) {
            tellReady();
            return;
        }
        writing = true;
        client.submit(transaction, outcome -> {
            writing = false;
            if (outcome.isDone()) {
                tellReady();
            }
            if (!outcome.isDone() && outcome.status() != TransactionStatus.CONNECTION_LOST) {
                LOG.warn("the database does not take what the switch is: {}", outcome.error());
            }
            if (!outcome.isDone()) {
                inForce = outcome.status() == TransactionStatus.ERROR ? inForce : null;
                dirty |= outcome.status() != TransactionStatus.ERROR;
            }
        });
    }

    private void tellReady() {
        Runnable waiting = ready;
        if (waiting != null && inForce != null) {
            ready = null;
            waiting.run();
        }
    }

    /** Ends the connection; the switch stays as it is. More calls do nothing. */
    @Override
    public void close() {
        end();
    }

    /** As {@link #close}, for who does it before the end of what opened it. */
    public void end() {
        stopping = true;
        work.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
