package io.jvswitch.vswitchd.conductor.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoundRobinTest {
    private final RoundRobin turns = new RoundRobin(64);
    private final List<Integer> visited = new ArrayList<>();

    @Test
    void fewAreAllVisitedEachTime() {
        turns.visit(List.of(1, 2, 3), visited::add);
        turns.visit(List.of(1, 2, 3), visited::add);
        assertEquals(List.of(1, 2, 3, 1, 2, 3), visited);
    }

    @Test
    void manyAreVisitedSixtyFourAtATimeAndEachOnceARound() {
        List<Integer> all = IntStream.range(0, 150).boxed().toList();
        turns.visit(all, visited::add);
        assertEquals(all.subList(0, 64), visited);
        turns.visit(all, visited::add);
        assertEquals(all.subList(0, 128), visited);
        turns.visit(all, visited::add);
        assertEquals(all, visited);
        turns.visit(all, visited::add);
        assertEquals(all.subList(0, 64), visited.subList(150, visited.size()));
    }

    @Test
    void oneRoundMayEndWhereTheVisitDoes() {
        List<Integer> all = IntStream.range(0, 128).boxed().toList();
        turns.visit(all, visited::add);
        turns.visit(all, visited::add);
        turns.visit(all, visited::add);
        assertEquals(all.subList(0, 64), visited.subList(128, visited.size()));
    }

    @Test
    void noneAndFewerThanBeforeBeginANewRound() {
        turns.visit(List.<Integer>of(), visited::add);
        assertEquals(List.of(), visited);
        Set<Integer> all = new LinkedHashSet<>(IntStream.range(0, 100).boxed().toList());
        turns.visit(all, visited::add);
        all.removeIf(member -> member >= 10);
        visited.clear();
        turns.visit(all, visited::add);
        assertEquals(List.copyOf(all), visited);
    }
}
