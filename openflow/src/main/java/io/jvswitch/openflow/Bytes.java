package io.jvswitch.openflow;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that a message carries and nobody looks into: a packet, an echo's payload, user data. Immutable. */
public final class Bytes {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of some bytes. */
    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** Reads hexadecimal digits, two a byte. */
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /** The next bytes of a reader that has so many. */
    public static Bytes read(MessageReader in, int count) {
        return count == 0 ? EMPTY : new Bytes(in.bytes(count));
    }

    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** A copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    public void writeTo(MessageWriter out) {
        out.bytes(bytes);
    }

    /** A reader of all of them. */
    public MessageReader reader() {
        return MessageReader.of(bytes);
    }

    /** The first bytes, at most so many. */
    public Bytes first(int count) {
        return count >= bytes.length ? this : new Bytes(Arrays.copyOf(bytes, count));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
