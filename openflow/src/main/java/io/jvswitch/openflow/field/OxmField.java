package io.jvswitch.openflow.field;

import io.jvswitch.flowtable.key.FieldForm;
import io.jvswitch.flowtable.key.MatchField;
import io.jvswitch.flowtable.key.OxmHeader;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A field as extensible matches and actions name it: a {@link MatchField}, or one of {@code tun_metadata0} to {@code 63},
 * which have a place and a length only where a bridge maps an option to them.
 *
 * <p>Immutable. Two are equal when they are the same field of the same length.
 *
 * @param label Open vSwitch's name
 * @param bits width of the value
 * @param bytes size of the value on the wire
 * @param match the field in a key, or null for a tunnel option
 * @param option number of the tunnel option, -1 for other fields
 * @param headers its numbers, in the order of the versions that know them; none where it has a name only
 */
public record OxmField(
        String label, int bits, int bytes, @Nullable MatchField match, int option, List<OxmHeader> headers) {

    /** {@code in_port} with two bytes, as OpenFlow 1.0 and NXM have it. */
    public static final String IN_PORT = "in_port";
    /** {@code in_port} with four bytes. */
    public static final String IN_PORT_OXM = "in_port_oxm";

    private static final String TUN_METADATA = "tun_metadata";
    private static final int FIRST_TUN_METADATA = 40;
    private static final String VLAN_VID = "vlan_vid";
    private static final int VLAN_VID_BITS = 12;

    private static final Map<String, OxmField> BY_NAME = new HashMap<>();
    private static final Map<Long, OxmField> BY_NUMBER = new HashMap<>();
    private static final OxmField[] OPTIONS = new OxmField[TunnelOptions.FIELDS];

    static {
        for (MatchField field : MatchField.all()) {
            List<OxmHeader> headers = new ArrayList<>(field.headers());
            if (field.label().equals(IN_PORT)) {
                add(new OxmField(IN_PORT, 16, 2, field, -1, List.of(headers.getFirst())), field.aliases());
                add(new OxmField(IN_PORT_OXM, 32, 4, field, -1, List.of(headers.getLast())), List.of());
                continue;
            }
            int bytes = headers.isEmpty()
                    ? (field.bits() + 7) / Byte.SIZE
                    : headers.getFirst().bytes();
            // OFPVID_PRESENT stands beside the number, and is no part of its twelve bits.
            // ARP's opcode has sixteen bits there, and eight in the key.
            int bits = field.label().equals(VLAN_VID)
                    ? VLAN_VID_BITS
                    : field.label().equals("arp_op") ? Short.SIZE : field.bits();
            add(new OxmField(field.label(), bits, bytes, field, -1, List.copyOf(headers)), field.aliases());
        }
        for (int i = 0; i < OPTIONS.length; i++) {
            OPTIONS[i] = tunnelOption(i, TunnelOptions.MAX_OPTION_BYTES);
            add(OPTIONS[i], List.of());
        }
    }

    private static void add(OxmField field, List<String> aliases) {
        BY_NAME.put(field.label, field);
        for (String alias : aliases) {
            BY_NAME.putIfAbsent(alias, field);
        }
        for (String name : FieldNames.of(field.label)) {
            BY_NAME.put(name, field);
        }
        if (field.option >= 0) {
            BY_NAME.put(field.nxmName(), field);
        }
        for (OxmHeader header : field.headers) {
            BY_NUMBER.put(key(header.oxmClass(), header.experimenter(), header.number()), field);
        }
    }

    private static long key(int oxmClass, int experimenter, int number) {
        return (long) experimenter << Integer.SIZE | (long) oxmClass << Short.SIZE | number;
    }

    /** {@code tun_metadata} of a number, with the length of the option that a bridge has for it. */
    public static OxmField tunnelOption(int number, int bytes) {
        OxmHeader header =
                new OxmHeader(OxmHeader.NXM_1, 0, FIRST_TUN_METADATA + number, bytes, OxmHeader.OPENFLOW_1_0);
        return new OxmField(TUN_METADATA + number, bytes * Byte.SIZE, bytes, null, number, List.of(header));
    }

    /** The field of a name, an alias, or the name of one of its numbers, or null. */
    public static @Nullable OxmField of(String name) {
        return BY_NAME.get(name);
    }

    /** The field of a name that there is for certain. */
    public static OxmField ofKnown(String name) {
        return Objects.requireNonNull(of(name), name);
    }

    /** The field of a number, or null; tunnel options have their greatest length. */
    public static @Nullable OxmField ofNumber(int oxmClass, int experimenter, int number) {
        return BY_NUMBER.get(key(oxmClass, experimenter, number));
    }

    /** The field of a {@link MatchField}. */
    public static OxmField of(MatchField field) {
        return ofKnown(field.label());
    }

    /** The same with the length that a bridge has for it, or null when the bridge has none for this option. */
    public @Nullable OxmField in(TunnelOptions options) {
        if (option < 0) {
            return this;
        }
        TunnelOptions.Option mapped = options.of(option);
        return mapped == null ? null : tunnelOption(option, mapped.bytes());
    }

    /** Whether values may have any length. */
    public boolean isVariable() {
        return option >= 0;
    }

    /** Whether actions may set it. */
    public boolean isWritable() {
        return match == null || match.isWritable();
    }

    /** Whether a match may look at some bits only. */
    public boolean isMaskable() {
        return match == null || match.maskable() == MatchField.Maskable.BITWISE;
    }

    /** How values are written as text. */
    public FieldForm form() {
        return match == null ? FieldForm.HEX : label.equals(VLAN_VID) ? FieldForm.DECIMAL : match.form();
    }

    /** The field's number in a version, null where it has a name only; without a version the oldest number. */
    public @Nullable OxmHeader header(@Nullable OpenFlowVersion version) {
        if (headers.isEmpty()) {
            return null;
        }
        OxmHeader chosen = headers.getFirst();
        if (version != null) {
            for (OxmHeader header : headers) {
                if (header.version() <= version.wire()) {
                    chosen = header;
                }
            }
        }
        return chosen;
    }

    /** Whether its oldest number fits into the four bytes that older actions have for it. */
    public boolean hasShortHeader() {
        OxmHeader header = header(null);
        return header != null && header.oxmClass() != OxmHeader.EXPERIMENTER;
    }

    /** The four bytes that older actions have for a field: its oldest number. */
    public int shortHeader() {
        OxmHeader header = Objects.requireNonNull(header(null), label);
        return header.oxmClass() << Short.SIZE | header.number() << 9 | bytes;
    }

    /** Writes the field's number. */
    public void putHeader(MessageWriter out, @Nullable OpenFlowVersion version, boolean masked, int valueBytes) {
        OxmHeader header = Objects.requireNonNull(header(version), label);
        boolean experimenter = header.oxmClass() == OxmHeader.EXPERIMENTER;
        int payload = (masked ? 2 * valueBytes : valueBytes) + (experimenter ? Integer.BYTES : 0);
        out.u16(header.oxmClass()).u8(header.number() << 1 | (masked ? 1 : 0)).u8(payload);
        if (experimenter) {
            out.u32(header.experimenter());
        }
    }

    /** Writes number, value and, unless all bits count, mask. */
    public void putEntry(MessageWriter out, @Nullable OpenFlowVersion version, Octets value, Octets mask) {
        boolean masked = !mask.isOnes();
        putHeader(out, version, masked, value.length());
        out.bytes(value.toByteArray());
        if (masked) {
            out.bytes(mask.toByteArray());
        }
    }

    /** The name of its oldest number, which is how actions call it; its own name where it has none. */
    public String nxmName() {
        if (option >= 0) {
            return "NXM_NX_TUN_METADATA" + option;
        }
        List<String> names = FieldNames.of(label);
        return names.isEmpty() ? label : names.getFirst();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof OxmField other && label.equals(other.label) && bytes == other.bytes;
    }

    @Override
    public int hashCode() {
        return 31 * label.hashCode() + bytes;
    }

    @Override
    public String toString() {
        return label.toLowerCase(Locale.ROOT);
    }
}
