package io.jvswitch.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what another program or the kernel does in its own time. The limit only bounds a failing run: choose it far
 * above what a loaded machine needs, since passing early costs nothing.
 */
public final class Await {
    private static final long PAUSE_MS = 20;

    private Await() {}

    /** Waits until {@code condition} holds; reaching the limit is an {@link AssertionError} that names {@code what}. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(what, limit, () -> "", condition);
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @param what continues "waited 10 s for"
     * @param evidence what to show when the limit is reached, read then
     */
    public static void until(String what, Duration limit, Supplier<String> evidence, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > limit.toNanos()) {
                throw new AssertionError("waited " + limit.toSeconds() + " s for " + what + "\n" + evidence.get());
            }
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}
