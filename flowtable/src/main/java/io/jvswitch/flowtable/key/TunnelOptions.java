package io.jvswitch.flowtable.key;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which options of a tunnel header (Geneve, RFC 8926, section 3.5) are {@code tun_metadata0} to {@code tun_metadata63},
 * and where their bytes lie in a key: Open vSwitch's table of TLV mappings.
 *
 * <p>All options together have {@value #MAX_BYTES} bytes, in pieces of four, from {@link FlowField#TUNNEL_OPTIONS_0}
 * on. An option that stays mapped stays where it is, for rules and megaflows have it there; so after many changes the
 * free pieces may lie too scattered for a long option.
 *
 * <p>Immutable: {@link #with} and {@link #without} make another.
 */
public final class TunnelOptions {

    /** Fields that options can be mapped to. */
    public static final int FIELDS = 64;
    /** Bytes of all mapped options. */
    public static final int MAX_BYTES = 256;
    /** Bytes of one option. */
    public static final int MAX_OPTION_BYTES = 124;

    private static final int PIECE_BYTES = Integer.BYTES;
    private static final int FIRST_WORD = FlowField.TUNNEL_OPTIONS_0.word - 1;
    /** NXM_NX_TUN_METADATA0. */
    private static final int FIRST_NXM = 40;

    /** No option is mapped. */
    public static final TunnelOptions NONE = new TunnelOptions(Map.of());

    private final Map<Integer, Option> options;

    private TunnelOptions(Map<Integer, Option> options) {
        this.options = options;
    }

    /**
     * An option that has a field.
     *
     * @param index the field's number, 0 to 63
     * @param optionClass the option's class, 16 bits
     * @param type the option's type, 8 bits
     * @param bytes the option's length, a multiple of 4
     * @param piece the first of the four-byte pieces that it has
     */
    public record Option(int index, int optionClass, int type, int bytes, int piece) {

        /** {@code tun_metadata0} and so on. */
        public String label() {
            return "tun_metadata" + index;
        }

        /** The field's number in an extensible match; its length there is the option's. */
        public OxmHeader header() {
            return new OxmHeader(OxmHeader.NXM_1, 0, FIRST_NXM + index, bytes, OxmHeader.OPENFLOW_1_0);
        }

        private int pieces() {
            return bytes / PIECE_BYTES;
        }

        private int word(int of) {
            return FIRST_WORD + (piece + of) / 2;
        }

        /** An even piece is the upper half of its word. */
        private int shift(int of) {
            return (piece + of) % 2 == 0 ? Integer.SIZE : 0;
        }

        private static int read(byte[] bytes, int of) {
            int value = 0;
            for (int i = 0; i < PIECE_BYTES; i++) {
                value = value << Byte.SIZE | bytes[PIECE_BYTES * of + i] & 0xff;
            }
            return value;
        }

        private byte[] bytesOf(long[] words) {
            byte[] value = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                int of = i / PIECE_BYTES;
                int down = Byte.SIZE * (PIECE_BYTES - 1 - i % PIECE_BYTES);
                value[i] = (byte) (words[word(of)] >>> shift(of) + down);
            }
            return value;
        }

        /** The option's bytes in a key. */
        public byte[] get(FlowKey key) {
            return bytesOf(key.words);
        }

        /** Writes the option into a key. */
        public void set(FlowKey key, byte[] value) {
            checkLength(value);
            for (int i = 0; i < pieces(); i++) {
                long bits = 0xffff_ffffL << shift(i);
                key.setWord(word(i), key.words[word(i)] & ~bits | (long) read(value, i) << shift(i) & bits);
            }
        }

        /** The bits of it that a mask looks at. */
        public byte[] get(FlowMask mask) {
            return bytesOf(mask.words);
        }

        /** Makes a rule ask for a value. */
        public void match(FlowKey key, FlowMask mask, byte[] value, byte[] valueMask) {
            checkLength(valueMask);
            byte[] masked = value.clone();
            for (int i = 0; i < masked.length; i++) {
                masked[i] &= valueMask[i];
            }
            set(key, masked);
            for (int i = 0; i < pieces(); i++) {
                mask.add(word(i), (read(valueMask, i) & 0xffff_ffffL) << shift(i));
            }
        }

        private void checkLength(byte[] value) {
            if (value.length != bytes) {
                throw new IllegalArgumentException(label() + " has " + bytes + " bytes, not " + value.length);
            }
        }

        /** A value as operators write it: hexadecimal, without leading zeros. */
        public String format(byte[] value) {
            String digits = HexFormat.of().formatHex(value).replaceFirst("^0+(?=.)", "");
            return digits.equals("0") ? "0" : "0x" + digits;
        }

        /**
         * Reads a value.
         *
         * @throws IllegalArgumentException naming the text when it is none, or too long
         */
        public byte[] parse(String text) {
            String digits =
                    text.toLowerCase(Locale.ROOT).replaceFirst("^0x", "").replaceFirst("^0+(?=.)", "");
            if (digits.length() > 2 * bytes || !digits.matches("[0-9a-f]+")) {
                throw new IllegalArgumentException(
                        label() + ": '" + text + "' is not a hexadecimal number of at most " + bytes + " bytes");
            }
            return HexFormat.of().parseHex("0".repeat(2 * bytes - digits.length()) + digits);
        }
    }

    /** The mapped options, by their fields' numbers. */
    public Collection<Option> all() {
        return options.values();
    }

    /** The option of a field, or null. */
    public @Nullable Option of(int index) {
        return options.get(index);
    }

    /** The option of a class and type, or null. */
    public @Nullable Option of(int optionClass, int type) {
        for (Option option : options.values()) {
            if (option.optionClass == optionClass && option.type == type) {
                return option;
            }
        }
        return null;
    }

    /**
     * Gives an option a field.
     *
     * @throws IllegalArgumentException when the numbers are out of range, or field or option are mapped already
     * @throws IllegalStateException when no room is left
     */
    public TunnelOptions with(int index, int optionClass, int type, int bytes) {
        if (index < 0 || index >= FIELDS) {
            throw new IllegalArgumentException("there is no tun_metadata" + index + ": they are 0 to " + (FIELDS - 1));
        }
        String label = "tun_metadata" + index;
        if (bytes < PIECE_BYTES || bytes > MAX_OPTION_BYTES || bytes % PIECE_BYTES != 0) {
            throw new IllegalArgumentException(
                    label + ": an option has 4 to " + MAX_OPTION_BYTES + " bytes, a multiple of 4, not " + bytes);
        }
        if (optionClass >>> 16 != 0 || type >>> 8 != 0) {
            throw new IllegalArgumentException(
                    label + ": class " + optionClass + " and type " + type + ": must be of 16 and 8 bits");
        }
        Option same = of(optionClass, type);
        if (options.containsKey(index) || same != null) {
            throw new IllegalArgumentException(
                    label + ": " + (same == null ? "has an option" : "the option is " + same.label()) + " already");
        }
        Map<Integer, Option> more = new TreeMap<>(options);
        more.put(index, new Option(index, optionClass, type, bytes, freePiece(label, bytes)));
        return new TunnelOptions(Collections.unmodifiableMap(more));
    }

    private int freePiece(String label, int bytes) {
        List<Option> byPlace = new ArrayList<>(options.values());
        byPlace.sort((a, b) -> Integer.compare(a.piece, b.piece));
        int free = 0;
        for (Option option : byPlace) {
            if (option.piece - free >= bytes / PIECE_BYTES) {
                return free;
            }
            free = option.piece + option.pieces();
        }
        if (MAX_BYTES / PIECE_BYTES - free < bytes / PIECE_BYTES) {
            throw new IllegalStateException(label + ": no " + bytes + " bytes are left together of the " + MAX_BYTES
                    + " that keys have for tunnel options");
        }
        return free;
    }

    /** Takes a field's option away; without one nothing happens. */
    public TunnelOptions without(int index) {
        Map<Integer, Option> fewer = new TreeMap<>(options);
        fewer.remove(index);
        return new TunnelOptions(Collections.unmodifiableMap(fewer));
    }
}
