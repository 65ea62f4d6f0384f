package io.jvswitch.openflow.field;

import io.jvswitch.flowtable.key.OxmHeader;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers of fields, with values and masks or without, as NXM and OXM have them (OpenFlow 1.5.1, section 7.2.3):
 * four bytes, or eight with an experimenter's.
 */
public final class OxmReader {

    private OxmReader() {}

    /**
     * A number that was read.
     *
     * @param field null where the number is unknown
     * @param masked whether a mask follows the value
     * @param payload bytes of value and mask
     * @param misfit whether the number is a field's, and the length is not
     * @param raw class and number as they were: {@code class << 16 | number << 9 | masked << 8 | length}
     */
    record Header(@Nullable OxmField field, boolean masked, int payload, int raw, boolean misfit) {}

    /**
     * A field with a value.
     *
     * @param mask ones where the value counts; the value has no other ones
     * @param masked whether the mask was written, be it of ones only
     */
    public record Entry(OxmField field, Octets value, Octets mask, boolean masked) {}

    /** Reads a number; {@link Header#field()} is null when it is unknown. */
    static Header header(MessageReader in, @Nullable TunnelOptions options) throws OpenFlowException {
        int at = in.position();
        in.require(Integer.BYTES, OpenFlowError.OFPBMC_BAD_LEN, "a field's number");
        int raw = in.i32();
        int oxmClass = raw >>> Short.SIZE;
        int length = raw & 0xff;
        int experimenter = 0;
        if (oxmClass == OxmHeader.EXPERIMENTER) {
            in.require(Integer.BYTES, OpenFlowError.OFPBMC_BAD_LEN, "an experimenter's number");
            experimenter = in.i32();
            if (length < Integer.BYTES) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBMC_BAD_LEN, at, "the length " + length + " leaves no room for who it is of");
            }
            length -= Integer.BYTES;
        }
        boolean masked = (raw & 0x100) != 0;
        int number = raw >>> 9 & 0x7f;
        OxmField field = OxmField.ofNumber(oxmClass, experimenter, number);
        boolean misfit = false;
        if (field != null) {
            int valueBytes = masked ? length / 2 : length;
            if (field.isVariable()) {
                boolean fits = valueBytes <= field.bytes() && (!masked || length % 2 == 0);
                misfit = !fits;
            } else {
                misfit = length != (masked ? 2 : 1) * field.bytes();
            }
            field = misfit ? null : field;
        }
        if (field != null && options != null) {
            OxmField mapped = field.in(options);
            if (mapped == null) {
                throw new OpenFlowException(
                        OpenFlowError.NXFMFC_INVALID_TLV_FIELD, at, field + " has no option on this bridge");
            }
            field = mapped;
        }
        return new Header(field, masked, length, raw, misfit && length > 0);
    }

    /** Reads a field's number that no value follows. */
    public static OxmField field(MessageReader in, @Nullable TunnelOptions options) throws OpenFlowException {
        int at = in.position();
        Header header = header(in, options);
        OxmField field = header.field;
        if (field == null) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBMC_BAD_FIELD, at, "no field has the number 0x" + Integer.toHexString(header.raw));
        }
        if (header.masked) {
            throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_MASK, at, field + " has a mask here");
        }
        return field;
    }

    /** The field of the four bytes that older actions have for one. */
    public static OxmField shortField(MessageReader in, @Nullable TunnelOptions options) throws OpenFlowException {
        int at = in.position();
        int raw = in.i32();
        OxmField field = OxmField.ofNumber(raw >>> Short.SIZE, 0, raw >>> 9 & 0x7f);
        boolean right = field != null
                && (raw & 0x100) == 0
                && (field.isVariable() ? (raw & 0xff) <= field.bytes() : (raw & 0xff) == field.bytes());
        if (field == null || !right) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBAC_BAD_SET_TYPE, at, "no field has the number 0x" + Integer.toHexString(raw));
        }
        OxmField mapped = options == null ? field : field.in(options);
        if (mapped == null) {
            throw new OpenFlowException(
                    OpenFlowError.NXFMFC_INVALID_TLV_FIELD, at, field + " has no option on this bridge");
        }
        return mapped;
    }

    /** Reads a field's number, value and mask in a match. */
    public static Entry matchEntry(MessageReader in, @Nullable TunnelOptions options) throws OpenFlowException {
        return entry(in, options, OpenFlowError.OFPBMC_BAD_FIELD, OpenFlowError.OFPBMC_BAD_FIELD);
    }

    /** Reads a field's number, value and mask in an action. */
    public static Entry actionEntry(MessageReader in, @Nullable TunnelOptions options) throws OpenFlowException {
        return entry(in, options, OpenFlowError.OFPBAC_BAD_SET_TYPE, OpenFlowError.OFPBAC_BAD_SET_LEN);
    }

    private static Entry entry(
            MessageReader in, @Nullable TunnelOptions options, OpenFlowError unknown, OpenFlowError misfit)
            throws OpenFlowException {
        int at = in.position();
        Header header = header(in, options);
        in.require(header.payload, OpenFlowError.OFPBMC_BAD_LEN, "the field's value");
        if (header.misfit) {
            throw new OpenFlowException(
                    misfit, at, "no field has the number and length 0x" + Integer.toHexString(header.raw));
        }
        int width = header.masked ? header.payload / 2 : header.payload;
        Octets value = Octets.of(in.bytes(width));
        Octets mask = header.masked ? Octets.of(in.bytes(width)) : Octets.ones(width);
        in.skip(header.masked ? header.payload % 2 : 0);
        OxmField field = header.field;
        if (header.masked && value.exceeds(mask)) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBMC_BAD_WILDCARDS, at, "a bit of the value is set that does not count");
        }
        if (field == null) {
            throw new OpenFlowException(unknown, at, "no field has the number 0x" + Integer.toHexString(header.raw));
        }
        if (field.isVariable() && options != null && width != field.bytes()) {
            value = Octets.of(value.hi(), value.lo(), field.bytes());
            mask = Octets.of(mask.hi(), mask.lo(), field.bytes());
        }
        return new Entry(field, value, mask, header.masked);
    }
}
