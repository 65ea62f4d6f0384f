package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisitingOrderTest {

    private static List<List<Integer>> rounds(int peers, int rounds) {
        List<Integer> all = IntStream.range(0, peers).boxed().toList();
        return IntStream.range(0, rounds)
                .mapToObj(round -> VisitingOrder.of(all, round))
                .toList();
    }

    private static List<String> neighbours(List<List<Integer>> rounds) {
        List<String> neighbours = new ArrayList<>();
        for (List<Integer> round : rounds) {
            for (int i = 1; i < round.size(); i++) {
                neighbours.add(round.get(i - 1) + " " + round.get(i));
            }
        }
        return neighbours;
    }

    @Test
    void eachStandsAtEachPlaceOnce() {
        for (int peers = 1; peers <= 6; peers++) {
            int rounds = peers % 2 == 0 ? peers : 2 * peers;
            for (int place = 0; place < peers; place++) {
                Set<Integer> seen = new HashSet<>();
                for (List<Integer> round : rounds(peers, rounds)) {
                    assertEquals(peers, Set.copyOf(round).size());
                    seen.add(round.get(place));
                }
                assertEquals(peers, seen.size(), peers + " peers, place " + place);
            }
        }
    }

    @Test
    void eachFollowsEachOtherEquallyOften() {
        for (int peers = 2; peers <= 6; peers++) {
            int times = peers % 2 == 0 ? 1 : 2;
            List<String> neighbours = neighbours(rounds(peers, times * peers));
            assertEquals(times * peers * (peers - 1), neighbours.size());
            assertEquals(peers * (peers - 1), Set.copyOf(neighbours).size(), neighbours.toString());
        }
    }
}
