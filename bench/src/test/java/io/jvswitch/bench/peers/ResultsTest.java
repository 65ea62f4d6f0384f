package io.jvswitch.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.bench.BarChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsTest {

    private static Results threeRounds() {
        Results results = new Results();
        double[][] rounds = {{3, 0.5}, {9, 0.7}, {6, 0.6}};
        for (double[] round : rounds) {
            results.add(Scenario.VXLAN, Measure.TCP_1, PeerKind.OVS, Map.of(Figure.THROUGHPUT, round[1]));
            results.add(Scenario.VXLAN, Measure.TCP_1, PeerKind.JVSWITCH, Map.of(Figure.THROUGHPUT, round[0]));
        }
        results.add(Scenario.VXLAN, Measure.LATENCY, PeerKind.BRIDGE, Map.of(Figure.P50, 20.0));
        return results;
    }

    @Test
    void theMedianIsTheMiddle() {
        assertEquals(OptionalDouble.empty(), Results.median(List.of()));
        assertEquals(OptionalDouble.of(5), Results.median(List.of(5.0)));
        assertEquals(OptionalDouble.of(2), Results.median(List.of(100.0, 1.0, 2.0)));
        assertEquals(OptionalDouble.of(3), Results.median(List.of(100.0, 1.0, 2.0, 4.0)));
    }

    @Test
    void aRatioIsOfMediansAndOfTheSameFigure() {
        Results results = threeRounds();
        assertEquals(
                10,
                results.ratio(Scenario.VXLAN, Measure.TCP_1, Figure.THROUGHPUT, PeerKind.OVS)
                        .orElseThrow(),
                1e-9);
        assertEquals(
                OptionalDouble.empty(), results.ratio(Scenario.VXLAN, Measure.TCP_4, Figure.THROUGHPUT, PeerKind.OVS));
        results.add(Scenario.VXLAN, Measure.IDLE, PeerKind.JVSWITCH, Map.of(Figure.IDLE_CPU, 0.2));
        results.add(Scenario.VXLAN, Measure.IDLE, PeerKind.PUMP, Map.of(Figure.IDLE_CPU, 0.0));
        assertEquals(
                OptionalDouble.empty(), results.ratio(Scenario.VXLAN, Measure.IDLE, Figure.IDLE_CPU, PeerKind.PUMP));
    }

    @Test
    void theTableHasARowAFigureAndAColumnAPeer() {
        Results results = threeRounds();
        results.note("pump dropped out");
        String text = new ResultsText(results).terminal();
        assertEquals("""
                VXLAN between TAPs
                MEASURED                   UNIT            JVSWITCH               OVS  BRIDGE  / OVS  / BRIDGE
                TCP, 1 stream: throughput  Gbit/s  6.00 (3.00-9.00)  0.60 (0.50-0.70)       -  10.00         -
                request/response: p50      µs                     -                 -    20.0      -         -

                reached 10.00 of ovs, at least 6.00: vxlan, tcp-1, throughput
                note: pump dropped out
                """, text);
    }

    @Test
    void theRecordHasTheSameInMarkdown() {
        String text = new ResultsText(threeRounds()).markdown("# Head\n", List.of("tcp.svg"));
        assertTrue(text.startsWith("# Head\n\n![](tcp.svg)\n\n## VXLAN between TAPs\n"), text);
        assertTrue(text.contains("| measured | unit | jvswitch | ovs | bridge | / ovs | / bridge |\n"), text);
        assertTrue(
                text.contains(
                        "| TCP, 1 stream: throughput | Gbit/s | 6.00 (3.00-9.00) | 0.60 (0.50-0.70) | - | 10.00 | - "
                                + "|\n"),
                text);
        assertFalse(text.contains("## Notes"), text);
    }

    @Test
    void withoutJvswitchThereAreNoRatios() {
        Results results = new Results();
        results.add(Scenario.TAP, Measure.TCP_1, PeerKind.PUMP, Map.of(Figure.THROUGHPUT, 12.3456));
        assertEquals("""
                TAP to TAP on one switch
                MEASURED                   UNIT    PUMP
                TCP, 1 stream: throughput  Gbit/s  12.3

                """, new ResultsText(results).terminal());
    }

    @Test
    void jsonHasEverySample() {
        JsonNode root = new JsonMapper().readTree(ResultsJson.of(threeRounds(), "a machine", "./jvswitch bench peers"));
        assertEquals("a machine", root.path("machine").asString());
        assertEquals(2, root.path("figures").size());
        JsonNode tcp = root.path("figures").get(0);
        assertEquals("vxlan", tcp.path("scenario").asString());
        assertEquals("tcp-1", tcp.path("measure").asString());
        assertEquals("more", tcp.path("better").asString());
        JsonNode ours = tcp.path("peers").path("jvswitch");
        assertEquals(6, ours.path("median").asDouble(), 0);
        assertEquals(
                List.of("3.0", "9.0", "6.0"),
                ours.path("samples").valueStream().map(JsonNode::asString).toList());
        assertFalse(ours.has("jvswitch-ratio"));
        assertEquals(10, tcp.path("peers").path("ovs").path("jvswitch-ratio").asDouble(), 1e-9);
        assertEquals("less", root.path("figures").get(1).path("better").asString());
    }

    @Test
    void chartsAreWrittenForWhatWasMeasured(@TempDir Path directory) throws IOException {
        assertEquals(List.of("peers-tcp.svg", "peers-latency-p50.svg"), ResultsCharts.write(threeRounds(), directory));
        String expected = new BarChart("TCP goodput, more is better", "Gbit/s")
                .bar("vxlan, tcp-1", "jvswitch", 6, 3, 9)
                .bar("vxlan, tcp-1", "ovs", 0.6, 0.5, 0.7)
                .toSvg();
        assertEquals(expected, Files.readString(directory.resolve("peers-tcp.svg")));
    }

    /** jvswitch at a tenth more than Open vSwitch, in everything. */
    private static Results aTenthMore() {
        Results results = new Results();
        for (Figure figure : new Figure[] {Figure.THROUGHPUT, Figure.P50}) {
            results.add(Scenario.VXLAN, Measure.TCP_1, PeerKind.JVSWITCH, Map.of(figure, 11.0));
            results.add(Scenario.VXLAN, Measure.TCP_1, PeerKind.OVS, Map.of(figure, 10.0));
        }
        return results;
    }

    private static Target target(Figure figure, double limit) {
        return new Target(Scenario.VXLAN, Measure.TCP_1, figure, PeerKind.OVS, limit);
    }

    @Test
    void aTargetKnowsWhichWayIsBetter() {
        assertTrue(target(Figure.THROUGHPUT, 1.1).isReached(aTenthMore()));
        assertFalse(target(Figure.THROUGHPUT, 1.11).isReached(aTenthMore()));
        assertTrue(target(Figure.P50, 1.1).isReached(aTenthMore()));
        assertFalse(target(Figure.P50, 1.09).isReached(aTenthMore()));
        assertEquals("", target(Figure.P99, 1).verdict(aTenthMore()), "nothing is said about what was not measured");
    }

    @Test
    void aTargetWithoutAPeerIsALimitOfOurOwnFigure() {
        Target target = new Target(Scenario.VXLAN, Measure.IDLE, Figure.IDLE_CPU, null, 1);
        assertEquals("", target.verdict(aTenthMore()));
        Results results = aTenthMore();
        results.add(Scenario.VXLAN, Measure.IDLE, PeerKind.JVSWITCH, Map.of(Figure.IDLE_CPU, 0.3));
        assertEquals("reached  0.30 % of a core, at most 1.00: vxlan, idle, idle CPU", target.verdict(results));
        results.add(Scenario.VXLAN, Measure.IDLE, PeerKind.JVSWITCH, Map.of(Figure.IDLE_CPU, 3.1));
        assertEquals("MISSED   1.70 % of a core, at most 1.00: vxlan, idle, idle CPU", target.verdict(results));
        assertTrue(ResultsJson.of(results, "m", "c").contains("MISSED   1.70 %"));
    }

    @Test
    void smallFiguresAreNotRoundedToNothing() {
        assertEquals("0.0021", ResultsText.number(OptionalDouble.of(0.0021)));
        assertEquals("0.00", ResultsText.number(OptionalDouble.of(0)));
    }

    @Test
    void eitherOfTwoTargetsIsEnough() {
        Target either = new Target(
                Scenario.VXLAN, Measure.TCP_1, Figure.P50, PeerKind.OVS, 0.5, target(Figure.THROUGHPUT, 1.05));
        assertEquals(
                "reached  1.10 of ovs, at most 0.50: vxlan, tcp-1, p50; "
                        + "or 1.10 of ovs, at least 1.05: vxlan, tcp-1, throughput",
                either.verdict(aTenthMore()));
        Target neither =
                new Target(Scenario.VXLAN, Measure.TCP_1, Figure.P50, PeerKind.OVS, 0.5, target(Figure.THROUGHPUT, 6));
        assertTrue(neither.verdict(aTenthMore()).startsWith("MISSED   1.10 of ovs"));
    }
}
