package io.jvswitch.bench.peers;

import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Results as JSON: for each scenario, measurement and figure every peer's samples, median, and jvswitch's ratio to it.
 */
final class ResultsJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultsJson() {}

    /**
     * The document.
     *
     * @param machine what it was measured on
     * @param command what was typed
     */
    static String of(Results results, String machine, String command) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("machine", machine);
        root.put("command", command);
        ArrayNode notes = root.putArray("notes");
        results.notes().forEach(notes::add);
        ArrayNode targets = root.putArray("targets");
        new ResultsText(results).verdicts().forEach(targets::add);
        ArrayNode figures = root.putArray("figures");
        for (Scenario scenario : Scenario.values()) {
            for (Measure measure : scenario.measures()) {
                for (Figure figure : measure.figures()) {
                    if (results.has(scenario, measure, figure)) {
                        add(figures.addObject(), results, scenario, measure, figure);
                    }
                }
            }
        }
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static void add(ObjectNode node, Results results, Scenario scenario, Measure measure, Figure figure) {
        node.put("scenario", scenario.label());
        node.put("measure", measure.label());
        node.put("figure", figure.label());
        node.put("unit", figure.unit());
        node.put("better", figure.isMoreBetter() ? "more" : "less");
        ObjectNode peers = node.putObject("peers");
        for (PeerKind peer : results.peers()) {
            List<Double> samples = results.samples(scenario, measure, figure, peer);
            OptionalDouble median = Results.median(samples);
            if (median.isPresent()) {
                ObjectNode of = peers.putObject(peer.label());
                of.put("median", median.getAsDouble());
                ArrayNode values = of.putArray("samples");
                samples.forEach(values::add);
                OptionalDouble ratio = results.ratio(scenario, measure, figure, peer);
                if (peer != PeerKind.JVSWITCH && ratio.isPresent()) {
                    of.put("jvswitch-ratio", ratio.getAsDouble());
                }
            }
        }
    }
}
