package io.jvswitch.openflow.text;

import io.jvswitch.flowtable.key.FieldForm;
import io.jvswitch.flowtable.key.MaskedValue;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.field.Octets;
import io.jvswitch.openflow.field.OxmField;
import io.jvswitch.openflow.field.Subfield;
import java.math.BigInteger;
import java.util.Objects;

/** Values and parts of fields, as actions have them in text. */
final class FieldText {

    private FieldText() {}

    /** A value and its mask. */
    record Value(Octets value, Octets mask) {}

    private static boolean isPort(OxmField field) {
        return field.label().equals(OxmField.IN_PORT)
                || field.label().equals(OxmField.IN_PORT_OXM)
                || field.label().equals("actset_output");
    }

    private static boolean isNumber(OxmField field) {
        return switch (field.form()) {
            case DECIMAL, HEX, HEX4 -> true;
            default -> false;
        };
    }

    static String format(OxmField field, Octets value, Octets mask) {
        if (mask.isZero()) {
            return FieldForm.ANY;
        }
        if (isPort(field)) {
            return ReservedPorts.format(
                    field.bytes() == Short.BYTES ? (int) value.lo() : ReservedPorts.from32((int) value.lo()));
        }
        if (!isNumber(field)) {
            long ones = field.bits() >= Long.SIZE ? -1L : (1L << field.bits()) - 1;
            return Objects.requireNonNull(field.match())
                    .format(new MaskedValue(
                            field.bits() > Long.SIZE ? value.hi() & mask.hi() : 0,
                            value.lo() & mask.lo() & ones,
                            field.bits() > Long.SIZE ? mask.hi() : 0,
                            mask.lo() & ones));
        }
        String text = field.form() == FieldForm.DECIMAL ? Long.toUnsignedString(value.lo()) : value.toString();
        return mask.isOnes() ? text : text + "/" + mask;
    }

    /** Reads a value, with its mask if it has one. */
    static Value parse(OxmField field, String text) throws FlowTextException {
        if (text.equals("*") || text.equals("ANY")) {
            return new Value(Octets.of(0, 0, field.bytes()), Octets.of(0, 0, field.bytes()));
        }
        Value value = isPort(field)
                ? parsePort(field, text)
                : isNumber(field) ? parseNumber(field, text) : parseFormed(field, text);
        if (!field.isMaskable() && !value.mask.isOnes() && !value.mask.isZero()) {
            throw new FlowTextException(text + ": invalid mask for field " + field);
        }
        return value;
    }

    private static Value parsePort(OxmField field, String text) throws FlowTextException {
        int port = ReservedPorts.parse(text);
        if (port < 0) {
            throw new FlowTextException(text + ": invalid or out-of-range port");
        }
        int number = field.bytes() == Short.BYTES ? port : ReservedPorts.to32(port);
        return new Value(Octets.of(0, number & 0xffff_ffffL, field.bytes()), Octets.ones(field.bytes()));
    }

    private static Value parseNumber(OxmField field, String text) throws FlowTextException {
        int slash = text.indexOf('/');
        Octets value = number(field, slash < 0 ? text : text.substring(0, slash), text, field.bytes());
        Octets mask =
                slash < 0 ? Octets.ones(field.bytes()) : number(field, text.substring(slash + 1), text, field.bytes());
        return new Value(value, mask);
    }

    /** A number in so many bytes. */
    static Octets number(OxmField field, String number, String text, int length) throws FlowTextException {
        BigInteger parsed = Numbers.parse(number);
        if (parsed == null || parsed.signum() < 0 && parsed.bitLength() > Long.SIZE) {
            throw new FlowTextException(text + ": bad syntax for " + field);
        }
        if (parsed.bitLength() > length * Byte.SIZE) {
            throw new FlowTextException(text + ": value too large for " + length + "-byte field " + field);
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = parsed.shiftRight(i * Byte.SIZE).byteValue();
        }
        return Octets.of(bytes);
    }

    private static Value parseFormed(OxmField field, String text) throws FlowTextException {
        try {
            MaskedValue parsed = Objects.requireNonNull(field.match()).parse(text);
            int full = field.bytes() * Byte.SIZE;
            Octets value = Octets.of(parsed.hi(), parsed.lo(), field.bytes());
            Octets mask = Octets.of(parsed.maskHi(), parsed.maskLo(), field.bytes());
            boolean whole = Octets.ones(field.bytes())
                    .with(field.bits(), full - field.bits(), 0, 0)
                    .equals(mask);
            return new Value(value, whole ? Octets.ones(field.bytes()) : mask);
        } catch (IllegalArgumentException e) {
            throw new FlowTextException(text + ": "
                    + switch (field.form()) {
                        case MAC -> "invalid Ethernet address";
                        case IPV4 -> "invalid IP address";
                        case IPV6 -> "invalid IPv6 address";
                        default -> "bad syntax for " + field;
                    });
        }
    }

    /** Where a part of a field ends in a text. */
    record Parsed(Subfield part, int end) {}

    /** Reads a part of a field at the beginning of a text. */
    static Parsed parsePart(String text) throws FlowTextException {
        int nameEnd = 0;
        while (nameEnd < text.length() && text.charAt(nameEnd) != '[' && text.charAt(nameEnd) != '-') {
            nameEnd++;
        }
        String name = text.substring(0, nameEnd);
        OxmField field = OxmField.of(name);
        if (field == null) {
            throw new FlowTextException(text + ": unknown field `" + name + "'");
        }
        int first = 0;
        int last = field.bits() - 1;
        int end = nameEnd;
        if (end < text.length() && text.charAt(end) == '[') {
            int close = text.indexOf(']', end);
            String inside = close < 0 ? "?" : text.substring(end + 1, close);
            if (!inside.isEmpty()) {
                int dots = inside.indexOf("..");
                BigInteger from = Numbers.parse(dots < 0 ? inside : inside.substring(0, dots));
                BigInteger to = Numbers.parse(dots < 0 ? inside : inside.substring(dots + 2));
                if (from == null || to == null || from.bitLength() > 31 || to.bitLength() > 31) {
                    throw new FlowTextException(text + ": syntax error expecting [] or [<bit>] or [<start>..<end>]");
                }
                first = from.intValue();
                last = to.intValue();
            }
            end = close + 1;
        }
        if (first > last) {
            throw new FlowTextException(text + ": starting bit " + first + " is after ending bit " + last);
        }
        if (first >= field.bits() || last >= field.bits()) {
            boolean starting = first >= field.bits();
            throw new FlowTextException(text + ": " + (starting ? "starting" : "ending") + " bit "
                    + (starting ? first : last) + " is not valid because field is only " + field.bits()
                    + " bits wide");
        }
        return new Parsed(new Subfield(field, first, last - first + 1), end);
    }

    /** Reads a part of a field that is all of a text. */
    static Subfield parseWholePart(String text) throws FlowTextException {
        Parsed parsed = parsePart(text);
        if (parsed.end != text.length()) {
            throw new FlowTextException("unexpected input following field syntax");
        }
        return parsed.part;
    }
}
