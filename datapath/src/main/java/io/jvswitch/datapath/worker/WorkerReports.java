package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/** What one worker tells the conductor, and how often: a burst must not tell the same thing for each of its frames. */
final class WorkerReports {

    private static final long SECOND_NS = 1_000_000_000;

    private final int worker;
    private final ConductorInbox inbox;
    private boolean pathTooBigTold;
    private @Nullable News toldLast;
    private long second;
    /** Ports whose end the conductor could not be told of, because its queue was full. */
    private final IntArrayList untoldGone = new IntArrayList();

    /** @param worker the worker's number */
    WorkerReports(int worker, ConductorInbox inbox) {
        this.worker = worker;
        this.inbox = inbox;
    }

    /** The worker's number. */
    int worker() {
        return worker;
    }

    /** Tells the conductor; false when its queue is full. */
    boolean tell(ConductorEvent event) {
        return inbox.offer(event);
    }

    /**
     * The kernel refused a datagram for its size: the path's MTU has shrunk. Told at most once a housekeeping period.
     */
    void pathTooBig(Frame datagram) {
        if (!pathTooBigTold && datagram.remoteLo() != 0) {
            pathTooBigTold = true;
            tell(new ConductorEvent.PathTooBig(new IpAddress(datagram.remoteHi(), datagram.remoteLo())));
        }
    }

    /**
     * Tells the conductor what a translation has to tell; false when a megaflow must not be made: the queue is full, or
     * what is told must become part of a snapshot first. Of the latter kind a burst of the same is told once a
     * housekeeping period.
     */
    boolean tell(News news, long nowNs) {
        if (news.allowsFlow()) {
            return tell(new ConductorEvent.FromTranslation(news, nowNs));
        }
        if (!news.equals(toldLast) && tell(new ConductorEvent.FromTranslation(news, nowNs))) {
            toldLast = news;
        }
        return false;
    }

    /** A number that changes once a second, so that what is rare is told of no more often. */
    long second() {
        return second;
    }

    /** The kernel refused a frame, and why stands in the log only. Told at most once a second for each way out. */
    void refused(int port, @Nullable String error, Frame frame) {
        IpAddress remote = port == Locations.UNDERLAY ? new IpAddress(frame.remoteHi(), frame.remoteLo()) : null;
        tell(new ConductorEvent.TransmitRefused(port, error, remote));
    }

    /** A port's device has gone. Told until it is heard: a port that nobody knows to be gone would never come back. */
    void gone(int port) {
        if (!untoldGone.containsInt(port)) {
            untoldGone.addInt(port);
        }
        tellGone();
    }

    /** The conductor has given the port another device, or takes it away: it need not be told of the former one. */
    void forgetGone(int port) {
        untoldGone.removeInt(port);
    }

    private void tellGone() {
        while (!untoldGone.isEmpty() && tell(new ConductorEvent.PortGone(untoldGone.getInt(0)))) {
            untoldGone.removeAt(0);
        }
    }

    /** A housekeeping period begins. */
    void beginPeriod(long nowNs) {
        pathTooBigTold = false;
        toldLast = null;
        second = nowNs / SECOND_NS;
        tellGone();
    }
}
