package io.jvswitch.openflow.text;

import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.OpenFlowAction.Controller;
import io.jvswitch.openflow.action.OpenFlowAction.Sample;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.Subfield;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads actions that send packets somewhere, or choose where. */
final class OutputParser {

    private static final int MIN_TRUNCATED_BYTES = 14;
    private static final int MAX_MEMBERS = 2048;
    private static final int MAX_LINKS = 65536;

    private OutputParser() {}

    static OpenFlowAction output(String value) throws FlowTextException {
        if (value.contains("port") && value.contains("max_len")) {
            return truncated(value);
        }
        int port = ReservedPorts.parse(value);
        if (port >= 0) {
            return new OpenFlowAction.Output(port, port == ReservedPorts.CONTROLLER ? Controller.ALL_BYTES : 0);
        }
        try {
            return new OpenFlowAction.OutputReg(FieldText.parseWholePart(value), Controller.ALL_BYTES, false);
        } catch (FlowTextException e) {
            throw new FlowTextException(value + ": output to unknown port");
        }
    }

    private static OpenFlowAction truncated(String value) throws FlowTextException {
        int port = 0;
        int maxBytes = 0;
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            String argument = words.value();
            switch (words.key()) {
                case "port" -> {
                    port = ReservedPorts.parse(argument);
                    if (port < 0) {
                        throw new FlowTextException("output to unknown truncate port: " + argument);
                    }
                    if (port > ReservedPorts.MAX && port != ReservedPorts.LOCAL && port != ReservedPorts.IN_PORT) {
                        throw new FlowTextException("output to unsupported truncate port: " + argument);
                    }
                }
                case "max_len" -> {
                    maxBytes = Numbers.u32(argument);
                    if (Integer.compareUnsigned(maxBytes, MIN_TRUNCATED_BYTES) < 0) {
                        throw new FlowTextException("max_len " + Integer.toUnsignedString(maxBytes)
                                + " is less than the minimum value " + MIN_TRUNCATED_BYTES);
                    }
                }
                default -> throw new FlowTextException("invalid key '" + words.key() + "' in output_trunc argument");
            }
        }
        return new OpenFlowAction.OutputTruncated(port, maxBytes);
    }

    static OpenFlowAction controller(String value) throws FlowTextException {
        int maxBytes = Controller.ALL_BYTES;
        int id = 0;
        int reason = Controller.REASON_ACTION;
        int meter = Controller.NO_METER;
        Octets userdata = Octets.NONE;
        boolean extended = false;
        boolean pause = false;
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new OpenFlowAction.Output(ReservedPorts.CONTROLLER, Numbers.u16(value, "max_len"));
        }
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            String argument = words.value();
            switch (words.key()) {
                case "reason" -> {
                    reason = Words.parseReason(argument);
                    if (reason < 0) {
                        throw new FlowTextException("unknown reason \"" + argument + "\"");
                    }
                }
                case "max_len" -> maxBytes = Numbers.u16(argument, "max_len");
                case "id" -> id = Numbers.u16(argument, "id");
                case "userdata" -> {
                    userdata = Numbers.hexBytes(argument, "bad hex digit in `controller' action `userdata'");
                    extended = true;
                }
                case "pause" -> pause = true;
                case "meter_id" -> meter = Numbers.u32(argument);
                default -> throw new FlowTextException("unknown key \"" + words.key() + "\" parsing controller action");
            }
        }
        Controller controller = new Controller(maxBytes, id, reason, userdata, pause, meter, false);
        return controller.isPlain() && !extended
                ? new OpenFlowAction.Output(ReservedPorts.CONTROLLER, maxBytes)
                : controller;
    }

    static OpenFlowAction enqueue(String value) throws FlowTextException {
        Tokens tokens = new Tokens(value, ":q,");
        String port = tokens.next();
        String queue = tokens.next("\0");
        if (port == null || queue == null) {
            throw new FlowTextException("\"enqueue\" syntax is \"enqueue:PORT:QUEUE\" or \"enqueue(PORT,QUEUE)\"");
        }
        int number = ReservedPorts.parse(port);
        if (number < 0) {
            throw new FlowTextException(port + ": enqueue to unknown port");
        }
        return new OpenFlowAction.Enqueue(number, Numbers.u32(queue));
    }

    static OpenFlowAction bundle(String value, boolean load) throws FlowTextException {
        Tokens tokens = new Tokens(value, ", ");
        String fields = tokens.next();
        String basis = tokens.next();
        String algorithm = tokens.next();
        String memberType = tokens.next();
        String destination = load ? tokens.next() : null;
        String delimiter = tokens.next(": ");
        if (delimiter == null) {
            throw new FlowTextException(value + ": not enough arguments to bundle action");
        }
        if (!delimiter.equalsIgnoreCase("members") && !delimiter.equalsIgnoreCase("slaves")) {
            throw new FlowTextException(
                    value + ": missing member delimiter, expected `members', got `" + delimiter + "'");
        }
        List<Integer> members = new ArrayList<>();
        for (String member = tokens.next(", []");
                member != null && members.size() < MAX_MEMBERS;
                member = tokens.next(", []")) {
            int port = ReservedPorts.parse(member);
            if (port < 0) {
                throw new FlowTextException(member + ": bad port number");
            }
            members.add(port);
        }
        int hashFields = known(Words.parseHashFields(given(fields)), value, "fields", fields);
        int number = known(Words.parseBundleAlgorithm(given(algorithm)), value, "algorithm", algorithm);
        if (!given(memberType).equalsIgnoreCase("ofport")) {
            throw new FlowTextException(value + ": unknown member_type `" + memberType + "'");
        }
        Subfield part = destination == null ? null : shortField(value, destination);
        return new OpenFlowAction.Bundle(number, hashFields, Numbers.leading(given(basis)) & 0xffff, members, part);
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static int known(int number, String value, String what, @Nullable String word) throws FlowTextException {
        if (number < 0) {
            throw new FlowTextException(value + ": unknown " + what + " `" + word + "'");
        }
        return number;
    }

    private static Subfield shortField(String value, String destination) throws FlowTextException {
        Subfield part = FieldText.parseWholePart(destination);
        if (!part.field().hasShortHeader()) {
            throw new FlowTextException(value + ": experimenter OXM field '" + destination + "' not supported");
        }
        return part;
    }

    static OpenFlowAction multipath(String value) throws FlowTextException {
        Tokens tokens = new Tokens(value, ", ");
        String fields = tokens.next();
        String basis = tokens.next();
        String algorithm = tokens.next();
        String linksText = tokens.next();
        String argument = tokens.next();
        String destination = tokens.next();
        if (destination == null) {
            throw new FlowTextException(value + ": not enough arguments to multipath action");
        }
        int hashFields = known(Words.parseHashFields(given(fields)), value, "fields", fields);
        int number = known(Words.parseMultipathAlgorithm(given(algorithm)), value, "algorithm", algorithm);
        int links = Numbers.leading(given(linksText));
        if (links < 1 || links > MAX_LINKS) {
            throw new FlowTextException(value + ": n_links " + links + " is not in valid range 1 to " + MAX_LINKS);
        }
        Subfield part = shortField(value, destination);
        if (part.bits() < Short.SIZE && links > 1 << part.bits()) {
            throw new FlowTextException(value + ": " + part.bits() + "-bit destination field has " + (1 << part.bits())
                    + " possible values, less than specified n_links " + links);
        }
        return new OpenFlowAction.Multipath(
                hashFields,
                Numbers.leading(given(basis)) & 0xffff,
                number,
                links - 1,
                Numbers.leading(given(argument)),
                part);
    }

    static OpenFlowAction sample(String value) throws FlowTextException {
        int probability = 0;
        int collectors = 0;
        int domain = 0;
        int point = 0;
        int port = ReservedPorts.NONE;
        int direction = Sample.BOTH;
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            String argument = words.value();
            switch (words.key()) {
                case "probability" -> {
                    probability = Numbers.u16(argument, "probability");
                    if (probability == 0) {
                        throw new FlowTextException("invalid probability value \"" + argument + "\"");
                    }
                }
                case "collector_set_id" -> collectors = Numbers.u32(argument);
                case "obs_domain_id" -> domain = Numbers.u32(argument);
                case "obs_point_id" -> point = Numbers.u32(argument);
                case "sampling_port" -> {
                    port = ReservedPorts.parse(argument);
                    if (port < 0) {
                        throw new FlowTextException(argument + ": unknown port");
                    }
                }
                case "ingress" -> direction = Sample.INGRESS;
                case "egress" -> direction = Sample.EGRESS;
                default -> throw new FlowTextException("invalid key \"" + words.key() + "\" in \"sample\" argument");
            }
        }
        if (probability == 0) {
            throw new FlowTextException("non-zero \"probability\" must be specified on sample");
        }
        return new Sample(probability, collectors, domain, point, port, direction, 1);
    }
}
