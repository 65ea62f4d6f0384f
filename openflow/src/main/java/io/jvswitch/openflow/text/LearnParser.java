package io.jvswitch.openflow.text;

import io.jvswitch.openflow.action.LearnSpec;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.OpenFlowAction.Learn;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.Subfield;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code learn}. */
final class LearnParser {

    private static final int DEFAULT_PRIORITY = 0x8000;

    private LearnParser() {}

    static OpenFlowAction parse(String value) throws FlowTextException {
        int idle = 0;
        int hard = 0;
        int finIdle = 0;
        int finHard = 0;
        int priority = DEFAULT_PRIORITY;
        int table = 1;
        int flags = 0;
        long cookie = 0;
        long limit = 0;
        Subfield result = null;
        List<LearnSpec> specs = new ArrayList<>();
        KeyValues words = new KeyValues(value);
        while (words.next()) {
            String argument = words.value();
            switch (words.key()) {
                case "table" -> {
                    table = ActionParser.table(argument, "unknown table \"" + argument + "\"");
                    if (table == 255) {
                        throw new FlowTextException(value + ": table id 255 not valid for `learn' action");
                    }
                }
                case "priority" -> priority = Numbers.leading(argument) & 0xffff;
                case "idle_timeout" -> idle = Numbers.leading(argument) & 0xffff;
                case "hard_timeout" -> hard = Numbers.leading(argument) & 0xffff;
                case "fin_idle_timeout" -> finIdle = Numbers.leading(argument) & 0xffff;
                case "fin_hard_timeout" -> finHard = Numbers.leading(argument) & 0xffff;
                case "cookie" -> cookie = Numbers.u64(argument);
                case "send_flow_rem" -> flags |= Learn.SEND_FLOW_REMOVED;
                case "delete_learned" -> flags |= Learn.DELETE_LEARNED;
                case "limit" -> limit = Numbers.leading(argument) & 0xffff_ffffL;
                case "result_dst" -> {
                    flags |= Learn.WRITE_RESULT;
                    result = result(argument);
                }
                default -> specs.add(spec(value, words.key(), argument));
            }
        }
        return new Learn(idle, hard, priority, cookie, flags, table, finIdle, finHard, limit, result, specs, false);
    }

    private static Subfield result(String text) throws FlowTextException {
        Subfield result = FieldText.parseWholePart(text);
        if (!result.field().isWritable()) {
            throw new FlowTextException(text + " is read-only");
        }
        if (result.bits() != 1) {
            throw new FlowTextException("result_dst in 'learn' action must be a single bit");
        }
        return result;
    }

    private static LearnSpec spec(String whole, String name, String value) throws FlowTextException {
        Subfield destination;
        try {
            destination = FieldText.parseWholePart(name);
        } catch (FlowTextException e) {
            return action(whole, name, value);
        }
        if (!destination.field().hasShortHeader()) {
            throw new FlowTextException(whole + ": experimenter OXM field '" + name + "' not supported");
        }
        if (value.isEmpty()) {
            return field(destination, LearnSpec.Kind.MATCH, destination);
        }
        Subfield source;
        try {
            source = FieldText.parseWholePart(value);
        } catch (FlowTextException notAField) {
            try {
                return number(destination, LearnSpec.Kind.MATCH, matched(whole, destination, value));
            } catch (FlowTextException notANumber) {
                throw new FlowTextException(whole + ": " + name + " value " + value
                        + " cannot be parsed as a subfield (" + notAField.getMessage()
                        + ") or an immediate value (" + notANumber.getMessage() + ")");
            }
        }
        if (source.bits() != destination.bits()) {
            throw new FlowTextException(whole + ": bit widths of " + name + " (" + source.bits() + ") and " + value
                    + " (" + destination.bits() + ") differ");
        }
        return field(source, LearnSpec.Kind.MATCH, destination);
    }

    private static LearnSpec field(Subfield source, LearnSpec.Kind kind, Subfield destination) {
        return new LearnSpec(source, Octets.NONE, kind, destination, source.bits());
    }

    private static LearnSpec number(Subfield destination, LearnSpec.Kind kind, Octets number) {
        int bytes = (destination.bits() + 7) / 8;
        return new LearnSpec(null, Octets.of(number.hi(), number.lo(), bytes), kind, destination, destination.bits());
    }

    private static Octets matched(String whole, Subfield part, String value) throws FlowTextException {
        if (part.equals(Subfield.of(part.field()))) {
            return FieldText.parse(part.field(), value).value();
        }
        Octets number;
        try {
            number = FieldText.number(part.field(), value, value, part.field().bytes());
        } catch (FlowTextException e) {
            throw new FlowTextException(whole + ": cannot parse integer value");
        }
        FieldActionParser.checkFits(number, part, whole);
        return number;
    }

    private static LearnSpec action(String whole, String name, String value) throws FlowTextException {
        if (name.equals("output")) {
            Subfield source = FieldText.parseWholePart(value);
            return new LearnSpec(source, Octets.NONE, LearnSpec.Kind.OUTPUT, null, source.bits());
        }
        if (!name.equals("load")) {
            throw new FlowTextException(whole + ": unknown keyword " + name);
        }
        int arrow = value.indexOf("->");
        if (arrow <= 0) {
            throw new FlowTextException(
                    name + ": missing " + (arrow == 0 ? "source before " : "") + "`->' in `" + value + "'");
        }
        if (Numbers.parse(value.substring(0, arrow)) == null) {
            OpenFlowAction.Move move = FieldActionParser.move(value);
            return field(move.source(), LearnSpec.Kind.LOAD, move.destination());
        }
        Subfield destination = FieldText.parseWholePart(value.substring(arrow + 2));
        Octets number = FieldText.number(destination.field(), value.substring(0, arrow), value, 2 * Long.BYTES);
        for (int bit = destination.bits(); bit < number.length() * Byte.SIZE; bit++) {
            if (number.bit(bit)) {
                throw new FlowTextException(value + ": value does not fit into " + destination.bits() + " bits");
            }
        }
        return number(destination, LearnSpec.Kind.LOAD, number);
    }
}
