package io.jvswitch.flowtable.key;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field as OpenFlow and Open vSwitch name it: {@code nw_src}, {@code ipv6_src} and {@code arp_spa} are three names
 * of bits of {@link FlowField#IP_SRC}, {@code vlan_vid} is a part of {@link FlowField#VLAN_TCI}, and {@code xxreg0} is
 * four registers together. The table is {@link MatchFields}; a {@link FlowField} that has no other name has its own.
 *
 * <p>Immutable. {@link #of} and {@link #ofOxm} find one by its name or number; {@code tun_metadata0} to {@code 63} have
 * no fixed place and are {@link TunnelOptions}'.
 */
public final class MatchField implements KeyBits {

    /** Which masks a match on the field may have. */
    public enum Maskable {
        /** The whole field, or nothing of it. */
        NO,
        BITWISE
    }

    /** How the key holds IPv4 addresses, whose fields in OpenFlow have 32 bits. */
    enum Mapping {
        /** The field is as the key has it. */
        PLAIN,
        /** The upper 96 bits are those of an IPv4-mapped address, whenever the prerequisite is true. */
        MAPPED,
        /** They are so, or all of it is 0: tunnel addresses. */
        MAPPED_OR_NONE
    }

    private static final long MAPPED_ABOVE = 0xffff_0000_0000L;
    private static final long ABOVE_IPV4 = 0xffff_ffff_0000_0000L;

    private final String label;
    private final List<String> aliases;
    private final int word;
    private final int shift;
    private final int bits;
    private final long ones;
    private final FlowField.Region region;
    private final FieldForm form;
    private final Maskable maskable;
    private final boolean writable;
    private final Prerequisite prerequisite;
    private final Mapping mapping;
    private final List<OxmHeader> headers;

    MatchField(
            List<String> names,
            FlowField field,
            int shift,
            int bits,
            FieldForm form,
            Maskable maskable,
            boolean writable,
            Prerequisite prerequisite,
            Mapping mapping,
            List<OxmHeader> headers) {
        this.label = names.getFirst();
        this.aliases = List.copyOf(names.subList(1, names.size()));
        this.word = field.word;
        this.shift = shift;
        this.bits = bits;
        this.ones = bits >= 64 ? -1L : (1L << bits) - 1;
        this.region = field.region();
        this.form = form;
        this.maskable = maskable;
        this.writable = writable;
        this.prerequisite = prerequisite;
        this.mapping = mapping;
        this.headers = List.copyOf(headers);
    }

    /** All fields, in the order in which Open vSwitch lists them. */
    public static Collection<MatchField> all() {
        return MatchFields.ALL;
    }

    /** The field of a name or an alias, or null. */
    public static @Nullable MatchField of(String name) {
        return MatchFields.BY_NAME.get(name);
    }

    /** The field of a number in an extensible match, or null. */
    public static @Nullable MatchField ofOxm(int oxmClass, int experimenter, int number) {
        return MatchFields.BY_OXM.get(MatchFields.oxmKey(oxmClass, experimenter, number));
    }

    @Override
    public String label() {
        return label;
    }

    /** Other names that mean the same. */
    public List<String> aliases() {
        return aliases;
    }

    @Override
    public int bits() {
        return bits;
    }

    @Override
    public int word() {
        return word;
    }

    @Override
    public int shift() {
        return shift;
    }

    @Override
    public long ones() {
        return ones;
    }

    @Override
    public FlowField.Region region() {
        return region;
    }

    public FieldForm form() {
        return form;
    }

    public Maskable maskable() {
        return maskable;
    }

    /** Whether actions may set it. */
    public boolean isWritable() {
        return writable;
    }

    public Prerequisite prerequisite() {
        return prerequisite;
    }

    /** Its numbers in extensible matches: Nicira's first, then OpenFlow's; none where it has a name only. */
    public List<OxmHeader> headers() {
        return headers;
    }

    /** The first OpenFlow version, as messages write it, in which the field has a number; 0 without numbers. */
    public int firstVersion() {
        return headers.stream().mapToInt(OxmHeader::version).min().orElse(0);
    }

    /** Whether a match may have this value and mask. */
    public boolean permits(MaskedValue value) {
        return maskable == Maskable.BITWISE || value.isWild() || value.isExact(bits);
    }

    /**
     * Makes a rule ask for a value.
     *
     * @param key gets the value
     * @param mask gets the bits that count, and those that every frame with the field has: above an IPv4 address
     * @throws IllegalArgumentException when the field does not permit the mask
     */
    public void match(FlowKey key, FlowMask mask, MaskedValue value) {
        if (!permits(value)) {
            throw new IllegalArgumentException(label + " cannot be masked: " + format(value));
        }
        key.set(
                this,
                key.getHi(this) & ~value.maskHi() | value.hi() & value.maskHi(),
                key.get(this) & ~value.maskLo() | value.lo() & value.maskLo());
        mask.bits(this, value.maskHi(), value.maskLo());
        boolean mapped = mapping == Mapping.MAPPED || mapping == Mapping.MAPPED_OR_NONE && value.lo() != 0;
        if (mapped && !value.isWild()) {
            key.setWord(word - 1, 0);
            key.setWord(word, key.words[word] & ~ABOVE_IPV4 | MAPPED_ABOVE);
            mask.add(word - 1, -1L);
            mask.add(word, ABOVE_IPV4);
        }
    }

    /** The value that a rule asks for, and the bits that count; the inverse of {@link #match}. */
    public MaskedValue matched(FlowKey key, FlowMask mask) {
        long maskHi = mask.getHi(this);
        long maskLo = mask.get(this);
        return new MaskedValue(key.getHi(this) & maskHi, key.get(this) & maskLo, maskHi, maskLo);
    }

    /** A value and its mask as operators write them. */
    public String format(MaskedValue value) {
        return form.format(bits, value);
    }

    /**
     * Reads a value, with its mask if it has one.
     *
     * @throws IllegalArgumentException naming field and text when it is none
     */
    public MaskedValue parse(String text) {
        MaskedValue value;
        try {
            value = form.parse(text, bits);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw new IllegalArgumentException(label + ": " + e.getMessage(), e);
        }
        if (!permits(value)) {
            throw new IllegalArgumentException(label + ": '" + text + "' has a mask, and this field takes none");
        }
        return value;
    }

    @Override
    public String toString() {
        return label;
    }
}
