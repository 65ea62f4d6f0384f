package io.jvswitch.ovsdb.testing;

import io.jvswitch.ovsdb.client.DatabaseListener;
import io.jvswitch.ovsdb.client.LockState;
import io.jvswitch.ovsdb.client.OvsdbClient;
import io.jvswitch.ovsdb.client.OvsdbOptions;
import io.jvswitch.ovsdb.client.Transaction;
import io.jvswitch.ovsdb.client.TransactionOutcome;
import io.jvswitch.ovsdb.row.ChangeSet;
import io.jvswitch.ovsdb.row.RowChange;
import io.jvswitch.ovsdb.stream.Dialer;
import io.jvswitch.ovsdb.stream.StreamLoop;
import io.jvswitch.ovsdb.stream.TlsClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client run by the test's own thread while it waits for something; what the client tells is kept. */
public final class RunningClient implements AutoCloseable, DatabaseListener {

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long NAP_MS = 10;

    private final StreamLoop loop = new StreamLoop("test-io");
    private final Semaphore woken = new Semaphore(0);
    private final OvsdbClient client;
    /** Each change set that was told. */
    public final List<ChangeSet> changeSets = new ArrayList<>();
    /** Each state of the lock that was told. */
    public final List<LockState> lockStates = new ArrayList<>();
    /** Each time the copy began or ceased to follow. */
    public final List<Boolean> following = new ArrayList<>();

    /** A client that has not begun. */
    public RunningClient(OvsdbOptions options, @Nullable TlsClient tls) {
        client = new OvsdbClient(new Dialer(loop, tls), options, this, woken::release, System.nanoTime());
    }

    /** The client. */
    public OvsdbClient client() {
        return client;
    }

    /** Runs it until something is so. */
    public void runUntil(String what, BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (true) {
            boolean more = client.run(System.nanoTime());
            if (condition.getAsBoolean()) {
                return;
            }
            if (System.nanoTime() - beganNs > LIMIT_NS) {
                throw new AssertionError("waited for " + what + "; told: " + changeSets + lockStates + following);
            }
            try {
                if (!more && woken.tryAcquire(NAP_MS, TimeUnit.MILLISECONDS)) {
                    woken.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Submits a transaction and waits for its end. */
    public TransactionOutcome submit(Transaction transaction) {
        List<TransactionOutcome> outcomes = new ArrayList<>();
        client.submit(transaction, outcomes::add);
        runUntil("the outcome of a transaction", () -> !outcomes.isEmpty());
        return outcomes.getFirst();
    }

    /** All changes since the last call. */
    public List<RowChange> takeChanges() {
        List<RowChange> changes = new ArrayList<>();
        changeSets.forEach(set -> changes.addAll(set.changes()));
        changeSets.clear();
        return changes;
    }

    @Override
    public void contentsChanged(ChangeSet changes) {
        changeSets.add(changes);
    }

    @Override
    public void lockChanged(LockState state) {
        lockStates.add(state);
    }

    @Override
    public void followingChanged(boolean follows) {
        following.add(follows);
    }

    @Override
    public void close() {
        client.close();
        loop.close();
    }
}
