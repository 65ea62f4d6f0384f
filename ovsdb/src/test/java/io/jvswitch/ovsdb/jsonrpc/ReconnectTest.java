package io.jvswitch.ovsdb.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jvswitch.ovsdb.jsonrpc.Reconnect.Action;
import io.jvswitch.ovsdb.jsonrpc.Reconnect.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The times and lines are those of Open vSwitch 3.1's {@code tests/reconnect.at}; the test owns the clock. */
final class ReconnectTest {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("ovs.reconnect");
    private final Reconnect reconnect = new Reconnect("remote", ms(1_000));

    private static long ms(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO); // tests log warnings only
        logger.addAppender(lines);
    }

    @AfterEach
    void cease() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (ILoggingEvent event : lines.list) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                told.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        }
        lines.list.clear();
        return told;
    }

    /** Runs at the deadline and one nanosecond before it; gives how long that was, in milliseconds. */
    private long runAtDeadline(Action expected, long nowNs) {
        long deadlineNs = reconnect.deadlineNs(nowNs);
        if (deadlineNs > nowNs) {
            assertEquals(Action.NONE, reconnect.run(deadlineNs - 1));
        }
        assertEquals(expected, reconnect.run(deadlineNs));
        return TimeUnit.NANOSECONDS.toMillis(deadlineNs - nowNs);
    }

    @Test
    void refusedAttemptsWaitLongerEachTime() {
        assertEquals(Reconnect.NEVER, reconnect.deadlineNs(ms(1_000)));
        reconnect.enable(ms(1_000));
        long nowNs = ms(1_000);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long waitMs = runAtDeadline(Action.CONNECT, nowNs);
            waits.add(waitMs);
            nowNs += ms(waitMs);
            reconnect.connectFailed("Connection refused", nowNs);
            assertEquals(State.BACKOFF, reconnect.state());
        }
        assertEquals(List.of(0L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L), waits);
        String connecting = "INFO remote: connecting...";
        String refused = "INFO remote: connection attempt failed (Connection refused)";
        assertEquals(
                List.of(
                        connecting,
                        refused,
                        connecting,
                        refused,
                        "INFO remote: waiting 2 seconds before reconnect",
                        connecting,
                        refused,
                        "INFO remote: waiting 4 seconds before reconnect",
                        connecting,
                        refused,
                        "INFO remote: continuing to reconnect in the background but suppressing further logging"),
                told());
    }

    @Test
    void attemptsTimeOut() {
        reconnect.enable(ms(1_000));
        assertEquals(Action.CONNECT, reconnect.run(ms(1_000)));
        reconnect.connecting(ms(1_000));
        assertEquals(1_000, runAtDeadline(Action.DISCONNECT, ms(1_000)));
        reconnect.disconnected(null, false, ms(2_000));
        assertEquals(List.of("INFO remote: connecting...", "INFO remote: connection attempt timed out"), told());
    }

    @Test
    void silenceIsAskedAboutAndThenGivenUp() {
        reconnect.enable(ms(1_000));
        reconnect.connecting(ms(1_000));
        reconnect.connected(ms(1_500));
        reconnect.activity(ms(2_000));
        // Nobody has looked since: the silence may be ours.
        assertEquals(Action.NONE, reconnect.run(ms(8_000)));
        reconnect.receiveAttempted(ms(8_000));
        assertEquals(Action.PROBE, reconnect.run(ms(8_000)));
        assertEquals(State.IDLE, reconnect.state());
        reconnect.activity(ms(9_000));
        assertEquals(State.ACTIVE, reconnect.state());
        reconnect.receiveAttempted(ms(14_000));
        assertEquals(Action.PROBE, reconnect.run(ms(14_000)));
        reconnect.receiveAttempted(ms(19_000));
        assertEquals(Action.DISCONNECT, reconnect.run(ms(19_000)));
        reconnect.disconnected(null, false, ms(19_000));
        assertEquals(
                List.of(
                        "INFO remote: connecting...",
                        "INFO remote: connected",
                        "ERROR remote: no response to inactivity probe after 5 seconds, disconnecting",
                        "INFO remote: connection dropped"),
                told());
        assertEquals(1_000, runAtDeadline(Action.CONNECT, ms(19_000)));
    }

    @Test
    void whatLastedStartsAnewAndWhatDidNotWaitsLonger() {
        reconnect.enable(ms(0));
        reconnect.connecting(ms(0));
        reconnect.connected(ms(0));
        reconnect.activity(ms(500));
        reconnect.disconnected("Connection reset by peer", false, ms(600));
        assertEquals(1_000, runAtDeadline(Action.CONNECT, ms(600)));
        reconnect.connected(ms(1_600));
        reconnect.disconnected(null, true, ms(1_700));
        assertEquals(2_000, runAtDeadline(Action.CONNECT, ms(1_700)));
        reconnect.connected(ms(3_700));
        reconnect.activity(ms(9_000));
        reconnect.disconnected(null, true, ms(9_000));
        assertEquals(1_000, runAtDeadline(Action.CONNECT, ms(9_000)));
        assertEquals(
                List.of(
                        "INFO remote: connecting...",
                        "INFO remote: connected",
                        "WARN remote: connection dropped (Connection reset by peer)",
                        "INFO remote: connecting...",
                        "INFO remote: connected",
                        "INFO remote: connection closed by peer",
                        "INFO remote: waiting 2 seconds before reconnect",
                        "INFO remote: connecting...",
                        "INFO remote: connected",
                        "INFO remote: connection closed by peer"),
                told());
    }

    @Test
    void eachOfSeveralServersIsTriedAtOnce() {
        reconnect.setFreeTries(3);
        reconnect.enable(ms(0));
        for (int i = 0; i < 3; i++) {
            assertEquals(0, runAtDeadline(Action.CONNECT, ms(0)));
            reconnect.connectFailed("Connection refused", ms(0));
        }
        assertEquals(1_000, runAtDeadline(Action.CONNECT, ms(0)));
    }
}
