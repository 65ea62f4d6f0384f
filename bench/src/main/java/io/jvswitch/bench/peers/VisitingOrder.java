package io.jvswitch.bench.peers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * In which order a round visits the peers. A measurement is not quite independent of the one before it (caches, the
 * clock frequency, softirqs that are still to run), so nobody is to follow the same one always: Williams' design, in
 * which over as many rounds as there are peers each stands at each place once, and, where they are an even number, each
 * follows each other once. An odd number takes twice as many rounds for that.
 */
final class VisitingOrder {

    private VisitingOrder() {}

    /**
     * The order of a round.
     *
     * @param round from 0
     */
    static <T> List<T> of(List<T> peers, int round) {
        int count = peers.size();
        List<T> order = new ArrayList<>(count);
        for (int place = 0; place < count; place++) {
            // 0, n-1, 1, n-2, …: neighbours are apart by a different step at each place
            int zigzag = place % 2 == 0 ? place / 2 : count - 1 - place / 2;
            order.add(peers.get((zigzag + round) % count));
        }
        if (count % 2 == 1 && round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }
}
