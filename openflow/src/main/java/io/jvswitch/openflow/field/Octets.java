package io.jvswitch.openflow.field;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that do not change and are equal when they are alike: a field's value as it is on the wire, first byte first. */
public final class Octets {

    /** No bytes. */
    public static final Octets NONE = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of some bytes. */
    public static Octets of(byte[] bytes) {
        return new Octets(bytes.clone());
    }

    /** A number in network order, whose upper bytes are cut off, or 0, where it has another length. */
    public static Octets of(long hi, long lo, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            int down = length - 1 - i;
            long half = down < Long.BYTES ? lo : down < 2 * Long.BYTES ? hi : 0;
            bytes[i] = (byte) (half >>> Byte.SIZE * (down % Long.BYTES));
        }
        return new Octets(bytes);
    }

    /** As many ones as there are bits in so many bytes. */
    public static Octets ones(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) -1);
        return new Octets(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** The last eight bytes as a number. */
    public long lo() {
        return number(0);
    }

    /** The eight bytes before the last eight as a number; 0 where there are none. */
    public long hi() {
        return number(Long.BYTES);
    }

    private long number(int skip) {
        long value = 0;
        for (int down = skip + Long.BYTES - 1; down >= skip; down--) {
            value = value << Byte.SIZE | (down < bytes.length ? bytes[bytes.length - 1 - down] & 0xff : 0);
        }
        return value;
    }

    /** A bit, counted from the last one. */
    public boolean bit(int number) {
        return (bytes[bytes.length - 1 - number / Byte.SIZE] >>> number % Byte.SIZE & 1) != 0;
    }

    /** Up to 64 bits, counted from the last one. */
    public long bits(int from, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 1 | (bit(from + i) ? 1 : 0);
        }
        return value;
    }

    /** The same with some bits, counted from the last one, set to those of a number. */
    public Octets with(int from, int count, long hi, long lo) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < count; i++) {
            int bit = from + i;
            int at = changed.length - 1 - bit / Byte.SIZE;
            int one = 1 << bit % Byte.SIZE;
            boolean set = i < Long.SIZE ? (lo >>> i & 1) != 0 : i < 2 * Long.SIZE && (hi >>> i - Long.SIZE & 1) != 0;
            changed[at] = (byte) (set ? changed[at] | one : changed[at] & ~one);
        }
        return new Octets(changed);
    }

    /** The same with some bits, counted from the last one, set. */
    public Octets withOnes(int from, int count) {
        byte[] changed = bytes.clone();
        for (int bit = from; bit < from + count; bit++) {
            changed[changed.length - 1 - bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
        }
        return new Octets(changed);
    }

    /** Whether a bit is set that is not set in a mask of the same length. */
    public boolean exceeds(Octets mask) {
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & ~mask.bytes[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    public boolean isZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    public boolean isOnes() {
        for (byte b : bytes) {
            if (b != -1) {
                return false;
            }
        }
        return true;
    }

    /** A copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Octets other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** A hexadecimal number without leading zeros; {@code 0} for zero. */
    @Override
    public String toString() {
        String digits = HexFormat.of().formatHex(bytes);
        int from = 0;
        while (from < digits.length() && digits.charAt(from) == '0') {
            from++;
        }
        return from == digits.length() ? "0" : "0x" + digits.substring(from);
    }
}
