package io.jvswitch.vswitchd.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Tells the time. Read once for each piece of work, which is then given the {@link Moment}. Any thread. */
@FunctionalInterface
public interface DaemonClock {

    /** The host's clocks. */
    DaemonClock SYSTEM = () -> {
        Instant wall = Instant.now();
        return new Moment(System.nanoTime(), TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano());
    };

    /** What time it is now. */
    Moment now();
}
