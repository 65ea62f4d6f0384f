package io.jvswitch.flowtable.key;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows of {@link MatchFields} while they are written. What a row does not say is taken from the {@link FlowField},
 * which is maskable by bits, writable, and without prerequisite.
 */
final class MatchFieldRows {

    private final List<MatchField> fields = new ArrayList<>();
    private final Set<FlowField> named = EnumSet.noneOf(FlowField.class);

    /** Begins a row: the name of a field, or of a part of it. */
    Row row(String name, FlowField field) {
        return new Row(name, field);
    }

    /** Fields that OpenFlow does not know have their own names, so that every field can be written and read. */
    void nameTheRest() {
        for (FlowField field : FlowField.values()) {
            if (!named.contains(field)) {
                row(field.label(), field).readOnly().add();
            }
        }
    }

    /** The fields of all rows, in their order. */
    List<MatchField> fields() {
        return List.copyOf(fields);
    }

    /** A row being written. */
    final class Row {
        private final List<String> names = new ArrayList<>();
        private final FlowField field;
        private final List<OxmHeader> headers = new ArrayList<>();
        private int shift;
        private int bits;
        private int bytes;
        private FieldForm form;
        private MatchField.Maskable maskable = MatchField.Maskable.BITWISE;
        private boolean writable = true;
        private Prerequisite prerequisite = Prerequisite.NONE;
        private MatchField.Mapping mapping = MatchField.Mapping.PLAIN;

        Row(String name, FlowField field) {
            names.add(name);
            this.field = field;
            shift = field.shift;
            form = field.form();
            setBits(field.bits());
        }

        /** The width, and with it the smallest size of a number on the wire that holds it. */
        private void setBits(int width) {
            bits = width;
            bytes = width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 48 ? 6 : width / 8;
        }

        Row alias(String name) {
            names.add(name);
            return this;
        }

        /** A part of the field, or what begins with its last bit and is wider. */
        Row part(int from, int width) {
            shift = field.shift + from;
            setBits(width);
            return this;
        }

        /** An IPv4 address in the lower 32 bits of a field for both kinds. */
        Row ipv4(MatchField.Mapping newMapping) {
            mapping = newMapping;
            form = FieldForm.IPV4;
            return part(0, 32);
        }

        Row form(FieldForm newForm) {
            form = newForm;
            return this;
        }

        /** Size on the wire, where it is not the smallest. */
        Row bytes(int size) {
            bytes = size;
            return this;
        }

        /** Cannot be masked. */
        Row exact() {
            maskable = MatchField.Maskable.NO;
            return this;
        }

        Row readOnly() {
            writable = false;
            return this;
        }

        Row needs(Prerequisite newPrerequisite) {
            prerequisite = newPrerequisite;
            return this;
        }

        private Row header(int oxmClass, int experimenter, int number, int size, int version) {
            headers.add(new OxmHeader(oxmClass, experimenter, number, size, version));
            return this;
        }

        Row nxm0(int number) {
            return nxm0(number, bytes);
        }

        Row nxm0(int number, int size) {
            return header(OxmHeader.NXM_0, 0, number, size, OxmHeader.OPENFLOW_1_0);
        }

        Row nxm1(int number) {
            return header(OxmHeader.NXM_1, 0, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row ericsson(int number) {
            return header(OxmHeader.ERICSSON, 0, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row basic(int number, int version) {
            return header(OxmHeader.OPENFLOW_BASIC, 0, number, bytes, version);
        }

        Row packetRegister(int number) {
            return header(OxmHeader.PACKET_REGISTERS, 0, number, bytes, OxmHeader.OPENFLOW_1_3);
        }

        Row nicira(int number) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.NICIRA, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        Row onf(int number, int version) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.ONF, number, bytes, version);
        }

        Row nsh(int number) {
            return header(OxmHeader.EXPERIMENTER, OxmHeader.NSH, number, bytes, OxmHeader.OPENFLOW_1_0);
        }

        void add() {
            named.add(field);
            fields.add(new MatchField(
                    names, field, shift, bits, form, maskable, writable, prerequisite, mapping, headers));
        }
    }
}
