package io.jvswitch.vswitchd.conductor.port;

import java.util.Collection;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Visits the members of a collection some at a time, and each before any of them again, as long as the collection keeps
 * its order. What comes and goes between visits may be visited one round early or late, never be forgotten. Not
 * thread-safe.
 */
public final class RoundRobin {
    private final int atOnce;
    private int next;

    /** @param atOnce how many members one visit takes, at least 1 */
    public RoundRobin(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Visits the next members. A collection that has shrunk below where the last visit ended is begun anew. */
    public <T> void visit(Collection<T> all, Consumer<? super T> visitor) {
        int from = next < all.size() ? next : 0;
        next = from + atOnce;
        Iterator<T> members = all.iterator();
        for (int at = 0; at < next && members.hasNext(); at++) {
            T member = members.next();
            if (at >= from) {
                visitor.accept(member);
            }
        }
    }
}
