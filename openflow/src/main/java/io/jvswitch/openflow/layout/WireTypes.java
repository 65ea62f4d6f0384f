package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The kinds of values that messages are made of. */
public final class WireTypes {

    public static final WireType<Integer> U8 = number(1, MessageReader::u8, MessageWriter::u8);
    public static final WireType<Integer> U16 = number(2, MessageReader::u16, MessageWriter::u16);
    public static final WireType<Long> U32 = number(4, MessageReader::u32, (out, value) -> out.u32(value.intValue()));
    public static final WireType<Long> U64 = number(8, MessageReader::u64, MessageWriter::u64);
    public static final WireType<MacAddress> MAC =
            number(6, in -> new MacAddress(in.u48()), (out, value) -> out.u48(value.bits()));

    /** 32 bits for an int: numbers of things, of which there are few; what is larger is the largest int. */
    public static final WireType<Integer> NUMBER32 =
            number(4, in -> (int) Math.min(in.u32(), Integer.MAX_VALUE), MessageWriter::u32);

    /** All bytes that are left. */
    public static final WireType<Bytes> REST = new WireType<>() {
        @Override
        public Bytes read(MessageReader in, OpenFlowVersion version) {
            return Bytes.read(in, in.remaining());
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, Bytes value) {
            value.writeTo(out);
        }
    };

    /**
     * A port's number, which has 16 bits in OpenFlow 1.0 and 32 later. Values are those of 1.0: reserved ports are
     * 0xfff7 to 0xffff.
     */
    public static final WireType<Integer> PORT = new WireType<>() {
        @Override
        public Integer read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
            return version == OpenFlowVersion.V1_0 ? U16.read(in, version) : PORT32.read(in, version);
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, Integer value) {
            (version == OpenFlowVersion.V1_0 ? U16 : PORT32).write(out, version, value);
        }
    };

    private static final int FIRST_RESERVED = 0xff00;
    private static final long FIRST_RESERVED_32 = 0xffff_ff00L;

    /** A port's number in 32 bits, whatever the version. */
    public static final WireType<Integer> PORT32 = new WireType<>() {
        @Override
        public Integer read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
            int at = in.position();
            long number = U32.read(in, version);
            if (number >= FIRST_RESERVED && number < FIRST_RESERVED_32) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBAC_BAD_OUT_PORT, at, "port " + number + " is outside the supported range");
            }
            return (int) number & 0xffff;
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, Integer value) {
            out.u32(value >= FIRST_RESERVED ? value | 0xffff_0000 : value);
        }
    };

    private WireTypes() {}

    private interface Getter<V> {
        V get(MessageReader in);
    }

    private interface Putter<V> {
        MessageWriter put(MessageWriter out, V value);
    }

    private static <V> WireType<V> number(int bytes, Getter<V> getter, Putter<V> putter) {
        return new WireType<>() {
            @Override
            public V read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(bytes, OpenFlowError.OFPBRC_BAD_LEN, "a number");
                return getter.get(in);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, V value) {
                putter.put(out, value);
            }
        };
    }

    /**
     * Text in a field of fixed size, filled up with zeros. What is too long is cut, so that at least one zero is left,
     * as Open vSwitch has it; each byte is a character.
     */
    public static WireType<String> text(int bytes) {
        return new WireType<>() {
            @Override
            public String read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(bytes, OpenFlowError.OFPBRC_BAD_LEN, "a text");
                byte[] all = in.bytes(bytes);
                int length = 0;
                while (length < bytes && all[length] != 0) {
                    length++;
                }
                return new String(all, 0, length, StandardCharsets.ISO_8859_1);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, String value) {
                byte[] all = value.getBytes(StandardCharsets.ISO_8859_1);
                int length = Math.min(all.length, bytes - 1);
                out.bytes(Arrays.copyOf(all, length)).zeros(bytes - length);
            }
        };
    }

    /** So many bytes. */
    public static WireType<Bytes> bytes(int count) {
        return new WireType<>() {
            @Override
            public Bytes read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(count, OpenFlowError.OFPBRC_BAD_LEN, "a value");
                return Bytes.read(in, count);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Bytes value) {
                if (value.length() != count) {
                    throw new IllegalArgumentException(value + " has not " + count + " bytes");
                }
                value.writeTo(out);
            }
        };
    }

    /** Values up to the end of what is read. */
    public static <V> WireType<List<V>> list(WireType<V> element) {
        return new WireType<>() {
            @Override
            public List<V> read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                List<V> all = new ArrayList<>();
                while (in.hasRemaining()) {
                    all.add(element.read(in, version));
                }
                return List.copyOf(all);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, List<V> value) {
                for (V each : value) {
                    element.write(out, version, each);
                }
            }
        };
    }

    /** So many values. */
    public static <V> WireType<List<V>> times(int count, WireType<V> element) {
        return new WireType<>() {
            @Override
            public List<V> read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                List<V> all = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    all.add(element.read(in, version));
                }
                return List.copyOf(all);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, List<V> value) {
                if (value.size() != count) {
                    throw new IllegalArgumentException(value + " are not " + count + " values");
                }
                for (V each : value) {
                    element.write(out, version, each);
                }
            }
        };
    }

    /**
     * A named number.
     *
     * @param number how the number is written
     * @param ofCode the value of a number, or null
     * @param error for numbers without a value
     */
    public static <V> WireType<V> coded(
            WireType<Integer> number, IntFunction<@Nullable V> ofCode, ToIntFunction<V> codeOf, OpenFlowError error) {
        return new WireType<>() {
            @Override
            public V read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                int at = in.position();
                int code = number.read(in, version);
                V value = ofCode.apply(code);
                if (value == null) {
                    throw new OpenFlowException(error, at, "there is no " + code + " here");
                }
                return value;
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, V value) {
                number.write(out, version, codeOf.applyAsInt(value));
            }
        };
    }

    /** A value of an enum whose numbers are its ordinals. */
    public static <E extends Enum<E>> WireType<E> ordinal(
            WireType<Integer> number, Class<E> type, OpenFlowError error) {
        return ordinal(number, type, 0, error);
    }

    /**
     * A value of an enum whose numbers follow each other.
     *
     * @param first the number of the first
     */
    public static <E extends Enum<E>> WireType<E> ordinal(
            WireType<Integer> number, Class<E> type, int first, OpenFlowError error) {
        E[] values = type.getEnumConstants();
        Map<E, Integer> codes = new EnumMap<>(type);
        for (int i = 0; i < values.length; i++) {
            codes.put(values[i], first + i);
        }
        return coded(
                number,
                code -> code >= first && code - first < values.length ? values[code - first] : null,
                value -> Objects.requireNonNull(codes.get(value)),
                error);
    }

    /** A number of fewer bits, for a long. */
    public static WireType<Long> widened(WireType<Integer> number) {
        return new WireType<>() {
            @Override
            public Long read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                return (long) number.read(in, version);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Long value) {
                number.write(out, version, value.intValue());
            }
        };
    }

    /** A value behind so many bytes of padding. */
    public static <V> WireType<V> padded(int padBytes, WireType<V> type) {
        return new WireType<>() {
            @Override
            public V read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(padBytes, OpenFlowError.OFPBRC_BAD_LEN, "padding");
                in.skip(padBytes);
                return type.read(in, version);
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, V value) {
                out.zeros(padBytes);
                type.write(out, version, value);
            }
        };
    }

    /** A value with so many bytes of padding behind it. */
    public static <V> WireType<V> followedBy(int padBytes, WireType<V> type) {
        return new WireType<>() {
            @Override
            public V read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                V value = type.read(in, version);
                in.require(padBytes, OpenFlowError.OFPBRC_BAD_LEN, "padding");
                in.skip(padBytes);
                return value;
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, V value) {
                type.write(out, version, value);
                out.zeros(padBytes);
            }
        };
    }
}
