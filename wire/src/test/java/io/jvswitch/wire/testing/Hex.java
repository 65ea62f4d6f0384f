package io.jvswitch.wire.testing;

import io.jvswitch.wire.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Bytes as people write them: hexadecimal digits with white space anywhere, {@code #} comments to the end of the line,
 * and the {@code 0x0010:} offsets that {@code tcpdump -xx} prints, which are ignored.
 */
public final class Hex {

    private static final Pattern IGNORED = Pattern.compile("#[^\\n]*|0x[0-9a-fA-F]+:|\\s+");

    private Hex() {}

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException when something else than digits is left, or an odd number of them
     */
    public static byte[] bytes(String text) {
        return java.util.HexFormat.of().parseHex(IGNORED.matcher(text).replaceAll(""));
    }

    /** The bytes of a text in native memory of exactly their size: reading one byte too many throws. */
    public static MemorySegment segment(String text) {
        return segment(bytes(text));
    }

    /** A copy of the bytes in native memory of exactly their size. */
    public static MemorySegment segment(byte[] bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    /** A frame of a text, with {@link Frame#HEADROOM_BYTES} before it and nothing behind it. */
    public static Frame frame(String text) {
        return frame(bytes(text), 0);
    }

    /** A frame of bytes, with {@link Frame#HEADROOM_BYTES} before it and {@code tailroom} bytes behind it. */
    public static Frame frame(byte[] bytes, int tailroom) {
        Frame frame = new Frame(Arena.ofAuto().allocate(Frame.HEADROOM_BYTES + bytes.length + tailroom));
        fill(frame, bytes);
        return frame;
    }

    /**
     * Clears a frame and puts bytes into it.
     *
     * @throws IllegalArgumentException when they do not fit
     */
    public static void fill(Frame frame, byte[] bytes) {
        frame.clear();
        if (!frame.resize(bytes.length)) {
            throw new IllegalArgumentException(bytes.length + " bytes do not fit a frame of " + frame.capacity());
        }
        MemorySegment.copy(bytes, 0, frame.segment(), ValueLayout.JAVA_BYTE, frame.start(), bytes.length);
    }

    /** A copy of a frame's bytes. */
    public static byte[] bytes(Frame frame) {
        return bytes(frame.segment(), frame.start(), frame.length());
    }

    /** A copy of a range. */
    public static byte[] bytes(MemorySegment segment, long at, int length) {
        return segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** A frame's bytes as text. */
    public static String text(Frame frame) {
        return text(bytes(frame));
    }

    /** Bytes as text: lines of 16, in pairs; {@link #bytes(String)} reads it back. */
    public static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 3);
        for (int i = 0; i < bytes.length; i++) {
            if (i > 0) {
                text.append(i % 16 == 0 ? "\n" : i % 2 == 0 ? " " : "");
            }
            text.append(Character.forDigit(bytes[i] >>> 4 & 0xf, 16)).append(Character.forDigit(bytes[i] & 0xf, 16));
        }
        return text.toString();
    }

    /**
     * The frames of a resource beside a class: hexadecimal text in which blank lines part frames. A paragraph of
     * nothing but comments is none.
     */
    public static List<byte[]> frames(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name + " beside " + beside.getName());
            }
            List<byte[]> frames = new ArrayList<>();
            for (String paragraph : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\\n\\s*\\n", -1)) {
                byte[] bytes = bytes(paragraph);
                if (bytes.length > 0) {
                    frames.add(bytes);
                }
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
