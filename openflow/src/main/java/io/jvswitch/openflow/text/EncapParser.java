package io.jvswitch.openflow.text;

import io.jvswitch.openflow.action.EncapProperty;
import io.jvswitch.openflow.action.OpenFlowAction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads {@code encap} and {@code decap}. */
final class EncapParser {

    private static final int MAX_NAME_SPACE = 1;

    private EncapParser() {}

    static OpenFlowAction encap(String value) throws FlowTextException {
        KeyValues words = new KeyValues(value);
        if (!words.next()) {
            throw new FlowTextException("Missing encap hdr: " + value);
        }
        int type = Words.parseHeader(words.key());
        if (type < 0) {
            throw new FlowTextException("Encap hdr not supported: " + words.value());
        }
        List<EncapProperty> properties = new ArrayList<>();
        KeyValues inside = new KeyValues(words.value());
        while (inside.next()) {
            boolean nsh = words.key().equals("nsh");
            if (!nsh || !inside.key().equals("md_type") && !inside.key().equals("tlv")) {
                throw new FlowTextException("Invalid property: " + inside.key());
            }
            if (inside.value().isEmpty()) {
                throw new FlowTextException("Value missing for encap property");
            }
            properties.add(inside.key().equals("md_type") ? metadataType(inside.value()) : tlv(inside.value()));
        }
        return new OpenFlowAction.Encap(type, 0, properties);
    }

    private static EncapProperty metadataType(String value) throws FlowTextException {
        int type = Numbers.u8(value, "md_type");
        if (type < 1 || type > 2) {
            throw new FlowTextException("invalid md_type");
        }
        return new EncapProperty.NshMetadataType(type);
    }

    private static EncapProperty tlv(String value) throws FlowTextException {
        Tokens tokens = new Tokens(value, ",");
        String optionClass = tokens.next();
        String type = tokens.next();
        String bytes = tokens.next();
        String wrong = "Invalid NSH TLV header: " + value;
        BigInteger number = optionClass == null ? null : Numbers.parse(optionClass);
        if (number == null
                || number.signum() < 0
                || number.bitLength() > Short.SIZE
                || type == null
                || bytes == null
                || !bytes.toLowerCase(Locale.ROOT).startsWith("0x")) {
            throw new FlowTextException(wrong);
        }
        return new EncapProperty.NshTlv(
                number.intValue(), Numbers.u8(type, "type"), Numbers.hexBytes(bytes.substring(2), wrong));
    }

    static OpenFlowAction decap(String value) throws FlowTextException {
        KeyValues words = new KeyValues(value);
        if (!words.next()) {
            return new OpenFlowAction.Decap(OpenFlowAction.Decap.NEXT);
        }
        if (!words.key().equals("packet_type")) {
            throw new FlowTextException("Invalid decap argument: " + words.key());
        }
        KeyValues inside = new KeyValues(words.value());
        int nameSpace = attribute(inside, "ns");
        if (nameSpace > MAX_NAME_SPACE) {
            throw new FlowTextException("Unsupported ns value: " + nameSpace);
        }
        return new OpenFlowAction.Decap(nameSpace << Short.SIZE | attribute(inside, "type"));
    }

    private static int attribute(KeyValues inside, String name) throws FlowTextException {
        if (!inside.next() || !inside.key().equals(name)) {
            throw new FlowTextException("Missing packet_type attribute " + name);
        }
        return Numbers.u16(inside.value(), name);
    }
}
