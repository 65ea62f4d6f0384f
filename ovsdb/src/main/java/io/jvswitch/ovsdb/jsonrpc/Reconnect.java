package io.jvswitch.ovsdb.jsonrpc;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to connect, to ask whether the peer is still there, and to give up: the states, times and log lines of Open
 * vSwitch's module {@code reconnect}. It touches no socket and no clock: the caller does what {@link #run} says and
 * tells what came of it. One thread.
 *
 * <p>Between attempts it waits 1 s, doubling up to 8 s; as long an attempt may take (at least 1 s). A connection that
 * lasted longer than the wait before it starts anew at 1 s. Without a byte for the probe interval the peer is asked;
 * after as much silence again the connection is given up.
 */
public final class Reconnect {

    /** What the caller is to do now. */
    public enum Action {
        /** Nothing. */
        NONE,
        /** Begin to connect, and say {@link #connecting}, {@link #connected} or {@link #connectFailed}. */
        CONNECT,
        /** Close the connection or attempt, and say {@link #disconnected}. */
        DISCONNECT,
        /** Send something that makes the peer answer. */
        PROBE
    }

    /** Where it stands. */
    public enum State {
        /** Switched off. */
        VOID,
        /** Waiting for the next attempt. */
        BACKOFF,
        /** An attempt is under way. */
        CONNECTING,
        /** Connected, and heard of lately. */
        ACTIVE,
        /** Connected, asked, and not heard of since. */
        IDLE,
        /** To be disconnected, for somebody asked for it. */
        RECONNECT;

        boolean isConnected() {
            return this == ACTIVE || this == IDLE || this == RECONNECT;
        }
    }

    /** The shortest wait between attempts. */
    public static final long MIN_BACKOFF_NS = TimeUnit.SECONDS.toNanos(1);
    /** The longest wait between attempts. */
    public static final long MAX_BACKOFF_NS = TimeUnit.SECONDS.toNanos(8);
    /** Silence after which the peer is asked, where probes are needed and nobody says otherwise. */
    public static final long PROBE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);

    /** What {@link #deadlineNs} gives when nothing is to be done without an event. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long MIN_PROBE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger("ovs.reconnect");

    private String name;
    private State state = State.VOID;
    private long enteredNs;
    private long backoffNs;
    private int freeTries;
    private long probeIntervalNs = PROBE_INTERVAL_NS;
    private long activityNs;
    private long receiveAttemptNs;
    private long connectedNs;
    private boolean everConnected;

    /** Switched off, until {@link #enable}. */
    public Reconnect(String name, long nowNs) {
        this.name = name;
        enteredNs = nowNs;
        activityNs = nowNs;
        receiveAttemptNs = nowNs;
    }

    /** The peer's name in logs. */
    public String name() {
        return name;
    }

    /** Another peer's turn. */
    public void setName(String peer) {
        name = peer;
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** Silence after which the peer is asked: at least 1 s; 0 never. */
    public void setProbeInterval(long intervalNs) {
        probeIntervalNs = intervalNs == 0 ? 0 : Math.max(MIN_PROBE_INTERVAL_NS, intervalNs);
    }

    /** How many attempts are made without a wait before them: one for each of several peers. */
    public void setFreeTries(int tries) {
        freeTries = tries;
    }

    /** Forgets the waits so far. */
    public void resetBackoff() {
        backoffNs = 0;
        freeTries = Math.max(freeTries, 2);
    }

    /** Begins: the next {@link #run} says {@link Action#CONNECT}. */
    public void enable(long nowNs) {
        if (state == State.VOID) {
            enter(State.BACKOFF, nowNs);
            backoffNs = 0;
        }
    }

    /** Ends: {@link #run} says nothing until {@link #enable}. */
    public void disable(long nowNs) {
        if (state != State.VOID) {
            enter(State.VOID, nowNs);
        }
    }

    /** Has the next {@link #run} end the connection or the attempt. */
    public void forceReconnect(long nowNs) {
        if (state == State.CONNECTING || state == State.ACTIVE || state == State.IDLE) {
            enter(State.RECONNECT, nowNs);
        }
    }

    /** An attempt has begun. */
    public void connecting(long nowNs) {
        if (state != State.CONNECTING) {
            if (backoffNs < MAX_BACKOFF_NS) {
                LOG.info("{}: connecting...", name);
            }
            enter(State.CONNECTING, nowNs);
        }
    }

    /** The attempt has succeeded. */
    public void connected(long nowNs) {
        if (!state.isConnected()) {
            connecting(nowNs);
            LOG.info("{}: connected", name);
            enter(State.ACTIVE, nowNs);
            connectedNs = nowNs;
            everConnected = true;
        }
    }

    /** The attempt has failed, for the reason that strerror(3) gives. */
    public void connectFailed(@Nullable String error, long nowNs) {
        connecting(nowNs);
        disconnected(error, false, nowNs);
    }

    /** Something has come. */
    public void activity(long nowNs) {
        if (state == State.IDLE) {
            enter(State.ACTIVE, nowNs);
        }
        activityNs = nowNs;
    }

    /** Somebody has looked for what came: only then is silence the peer's, and not that of a caller who was busy. */
    public void receiveAttempted(long nowNs) {
        receiveAttemptNs = nowNs;
    }

    /**
     * The connection has ended, or the attempt.
     *
     * @param error what went wrong, or null
     * @param byPeer whether the peer closed it in good order
     */
    public void disconnected(@Nullable String error, boolean byPeer, long nowNs) {
        if (state == State.BACKOFF || state == State.VOID) {
            return;
        }
        boolean was = state == State.ACTIVE || state == State.IDLE;
        if (was) {
            if (error != null) {
                LOG.warn("{}: connection dropped ({})", name, error);
            } else {
                LOG.info(byPeer ? "{}: connection closed by peer" : "{}: connection dropped", name);
            }
        } else if (backoffNs < MAX_BACKOFF_NS) {
            if (error != null) {
                LOG.info("{}: connection attempt failed ({})", name, error);
            } else {
                LOG.info("{}: connection attempt timed out", name);
            }
        }
        if (freeTries > 1) {
            freeTries--;
            backoffNs = 0;
        } else if (was && activityNs - connectedNs >= backoffNs) {
            backoffNs = MIN_BACKOFF_NS;
        } else if (backoffNs < MIN_BACKOFF_NS) {
            backoffNs = MIN_BACKOFF_NS;
        } else if (backoffNs < MAX_BACKOFF_NS / 2) {
            backoffNs *= 2;
            LOG.info("{}: waiting {} seconds before reconnect", name, seconds(backoffNs));
        } else {
            if (backoffNs < MAX_BACKOFF_NS) {
                LOG.info("{}: continuing to reconnect in the background but suppressing further logging", name);
            }
            backoffNs = MAX_BACKOFF_NS;
        }
        enter(State.BACKOFF, nowNs);
    }

    /** What to do now. */
    public Action run(long nowNs) {
        if (nowNs < deadlineNs(nowNs)) {
            return Action.NONE;
        }
        return switch (state) {
            case VOID -> Action.NONE;
            case BACKOFF -> Action.CONNECT;
            case CONNECTING, RECONNECT -> Action.DISCONNECT;
            case ACTIVE -> {
                LOG.debug(
                        "{}: idle {} ms, sending inactivity probe",
                        name,
                        TimeUnit.NANOSECONDS.toMillis(nowNs - Math.max(activityNs, enteredNs)));
                enter(State.IDLE, nowNs);
                yield Action.PROBE;
            }
            case IDLE -> {
                LOG.error(
                        "{}: no response to inactivity probe after {} seconds, disconnecting",
                        name,
                        seconds(nowNs - enteredNs));
                yield Action.DISCONNECT;
            }
        };
    }

    /** When {@link #run} must be called again though nothing happens, or {@link #NEVER}. */
    public long deadlineNs(long nowNs) {
        return switch (state) {
            case VOID -> NEVER;
            case BACKOFF -> enteredNs + backoffNs;
            case CONNECTING -> enteredNs + Math.max(MIN_BACKOFF_NS, backoffNs);
            case RECONNECT -> enteredNs;
            case ACTIVE -> silenceEndsNs(Math.max(activityNs, enteredNs), nowNs);
            case IDLE -> silenceEndsNs(enteredNs, nowNs);
        };
    }

    private long silenceEndsNs(long beginNs, long nowNs) {
        if (probeIntervalNs == 0) {
            return NEVER;
        }
        long endNs = beginNs + probeIntervalNs;
        return nowNs < endNs || receiveAttemptNs >= endNs ? endNs : nowNs + 1;
    }

    /** When the last connection was made; null before the first. */
    public @Nullable Long lastConnectedNs() {
        return everConnected ? connectedNs : null;
    }

    private void enter(State next, long nowNs) {
        LOG.debug("{}: entering {}", name, next);
        state = next;
        enteredNs = nowNs;
    }

    /** As C's {@code %.3g}. */
    private static String seconds(long ns) {
        String text = String.format(Locale.ROOT, "%.3f", ns / 1e9);
        double value = Double.parseDouble(text);
        if (value == Math.rint(value)) {
            return Long.toString((long) value);
        }
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value)
                .replaceAll("0+$", "")
                .replaceAll("\\.$", "");
    }
}
