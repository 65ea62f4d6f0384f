package io.jvswitch.datapath.normal.bond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How traffic is shared among a bond's members, against what Open vSwitch 3.1 did ({@code ovs/record.py}). */
final class OvsSharingTest {

    private static List<String[]> read(String name) {
        try (InputStream in = Objects.requireNonNull(OvsSharingTest.class.getResourceAsStream("../ovs/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStationsBucketIsThatOfOpenVswitch() {
        List<String[]> lines = read("bond-hashes.tsv");
        assertEquals(36, lines.size());
        for (String[] line : lines) {
            long mac = MacAddress.parse(line[0]).bits();
            int hash = SourceHash.of(mac, Integer.parseInt(line[1]), Integer.parseUnsignedInt(line[2]));
            assertEquals(Integer.parseInt(line[3]), hash & BondBuckets.COUNT - 1, () -> String.join(" ", line));
        }
    }

    /** Member by bucket, of those buckets that had load, once it is shared anew. */
    private static Map<Integer, Integer> shared(String before, List<Integer> enabled) {
        long[] loads = new long[BondBuckets.COUNT];
        int[] members = new int[BondBuckets.COUNT];
        Map<Integer, Integer> after = new TreeMap<>();
        for (String bucket : before.split(" ", -1)) {
            int[] parts = Arrays.stream(bucket.split(":", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            members[parts[0]] = parts[1];
            loads[parts[0]] = parts[2];
            after.put(parts[0], 0);
        }
        LoadBalance.rebalance(loads, members, enabled);
        after.replaceAll((bucket, _) -> members[bucket]);
        return after;
    }

    /** The members in every order: which of two that carry as much is served first is chance in Open vSwitch. */
    private static List<List<Integer>> orders(List<Integer> left) {
        if (left.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer first : left) {
            for (List<Integer> others :
                    orders(left.stream().filter(member -> !member.equals(first)).toList())) {
                List<Integer> order = new ArrayList<>(List.of(first));
                order.addAll(others);
                orders.add(order);
            }
        }
        return orders;
    }

    @Test
    void whatMovesIsWhatMovedInOpenVswitch() {
        List<String[]> lines = read("bond-rebalancing.tsv");
        assertEquals(40, lines.size());
        int moved = 0;
        for (String[] line : lines) {
            List<Integer> members = IntStream.range(0, Integer.parseInt(line[0]))
                    .mapToObj(i -> 10 + i)
                    .toList();
            Map<Integer, Integer> expected = Arrays.stream(line[2].split(" ", -1))
                    .map(bucket -> bucket.split(":", -1))
                    .collect(
                            Collectors.toMap(parts -> Integer.parseInt(parts[0]), parts -> Integer.parseInt(parts[1])));
            List<Map<Integer, Integer>> possible = orders(members).stream()
                    .map(order -> shared(line[1], order))
                    .toList();
            assertTrue(possible.contains(expected), () -> String.join("\n", line) + "\nhere:\n" + possible.getFirst());
            moved += possible.getFirst().equals(shared(line[1], List.of())) ? 0 : 1;
        }
        assertTrue(moved > 20, "cases in which something moves: " + moved);
    }
}
