package io.jvswitch.openflow.field;

/**
 * Some bits of a field.
 *
 * @param field whose
 * @param offset the first of them, counted from the field's last bit
 * @param bits how many
 */
public record Subfield(OxmField field, int offset, int bits) {

    /** All bits of a field. */
    public static Subfield of(OxmField field) {
        return new Subfield(field, 0, field.bits());
    }

    /** {@code NXM_NX_REG0[]}, {@code NXM_NX_REG0[3]} or {@code NXM_NX_REG0[0..15]}. */
    @Override
    public String toString() {
        String name = field.nxmName();
        if (offset == 0 && bits == field.bits()) {
            return name + "[]";
        }
        return name + "[" + offset + (bits == 1 ? "" : ".." + (offset + bits - 1)) + "]";
    }
}
