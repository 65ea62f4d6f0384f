package io.jvswitch.openflow.text;

import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.action.SetFields;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;

/** Reads actions that set, move and keep values of fields. */
final class FieldActionParser {

    private static final String ARROW = "->";

    private FieldActionParser() {}

    private static int arrow(String value) throws FlowTextException {
        int arrow = value.indexOf(ARROW);
        if (arrow < 0) {
            throw new FlowTextException(value + ": missing `->'");
        }
        if (arrow + ARROW.length() == value.length()) {
            throw new FlowTextException(value.substring(arrow) + ": missing field name following `->'");
        }
        return arrow;
    }

    static OpenFlowAction setField(String value) throws FlowTextException {
        int arrow = arrow(value);
        String name = value.substring(arrow + ARROW.length());
        OxmField field = OxmField.of(name);
        if (field == null || !isOwnName(field, name)) {
            throw new FlowTextException(name + " is not a valid OXM field name");
        }
        if (!field.isWritable()) {
            throw new FlowTextException(name + " is read-only");
        }
        String text = value.substring(0, arrow);
        FieldText.Value parsed = FieldText.parse(field, text);
        if (!SetFields.isValid(field, parsed.value())) {
            throw new FlowTextException(text + " is not a valid value for field " + name);
        }
        return new OpenFlowAction.SetField(field, parsed.value(), parsed.mask(), OpenFlowAction.SetFieldForm.SET_FIELD);
    }

    /** A part of a field may be called by its number's name, a whole field not. */
    private static boolean isOwnName(OxmField field, String name) {
        return field.label().equals(name)
                || field.match() != null && field.match().aliases().contains(name);
    }

    static OpenFlowAction load(String value) throws FlowTextException {
        int arrow = arrow(value);
        Subfield part = FieldText.parseWholePart(value.substring(arrow + ARROW.length()));
        OxmField field = part.field();
        Octets number;
        try {
            number = FieldText.number(field, value.substring(0, arrow), value, field.bytes());
        } catch (FlowTextException e) {
            throw new FlowTextException(value + ": cannot parse integer value");
        }
        checkFits(number, part, value);
        return SetFields.load(part, number.hi(), number.lo());
    }

    /** A value must have no bits beyond the part of a field that gets it. */
    static void checkFits(Octets number, Subfield part, String text) throws FlowTextException {
        for (int bit = part.bits(); bit < number.length() * Byte.SIZE; bit++) {
            if (number.bit(bit)) {
                throw new FlowTextException(text + ": value "
                        + FieldText.format(part.field(), number, Octets.ones(number.length()))
                        + " does not fit into " + part.bits() + " bits");
            }
        }
    }

    static OpenFlowAction.Move move(String value) throws FlowTextException {
        FieldText.Parsed source = FieldText.parsePart(value);
        if (!value.startsWith(ARROW, source.end())) {
            throw new FlowTextException(value + ": missing `->' following source");
        }
        Subfield destination = FieldText.parseWholePart(value.substring(source.end() + ARROW.length()));
        if (source.part().bits() != destination.bits()) {
            throw new FlowTextException(value + ": source field is "
                    + source.part().bits() + " bits wide but destination is " + destination.bits() + " bits wide");
        }
        return new OpenFlowAction.Move(source.part(), destination, false);
    }

    static Subfield stack(String value) throws FlowTextException {
        FieldText.Parsed parsed = FieldText.parsePart(value);
        if (parsed.end() != value.length()) {
            throw new FlowTextException(value.substring(parsed.end()) + ": trailing garbage following push or pop");
        }
        return parsed.part();
    }

    static OpenFlowAction deleteField(String value) throws FlowTextException {
        OxmField field = OxmField.of(value);
        if (field == null) {
            throw new FlowTextException(value + ": unknown field `" + value + "'");
        }
        return new OpenFlowAction.DeleteField(field);
    }

    static OpenFlowAction checkPacketLarger(String value) throws FlowTextException {
        int arrow = arrow(value);
        Subfield part = FieldText.parseWholePart(value.substring(arrow + ARROW.length()));
        if (part.bits() != 1) {
            throw new FlowTextException("Only 1-bit destination field is allowed");
        }
        String bytes = value.substring(0, arrow);
        bytes = bytes.endsWith(")") ? bytes.substring(0, bytes.length() - 1) : bytes;
        return new OpenFlowAction.CheckPacketLarger(Numbers.u16(bytes, "(null)"), part);
    }
}
