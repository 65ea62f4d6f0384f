package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.layout.Layout.Item;
import io.jvswitch.openflow.layout.Layout.Reading;
import io.jvswitch.openflow.layout.Layout.Writing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The kinds of places that a layout has. */
final class Items {

    private Items() {}

    /** A component, in its own type. */
    record Value(int component, WireType<Object> type) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            reading.values[component] = type.read(reading.in, reading.version);
        }

        @Override
        public void write(Writing writing) {
            type.write(writing.out, writing.version, writing.value(component));
        }
    }

    /** The last component: a list up to the structure's end. */
    record Tail<V>(int component, WireType<V> element) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            List<V> all = new ArrayList<>();
            while (reading.in.hasRemaining()) {
                all.add(element.read(reading.in, reading.version));
            }
            reading.values[component] = List.copyOf(all);
        }

        @SuppressWarnings("unchecked")
        private List<V> list(Writing writing) {
            return (List<V>) writing.value(component);
        }

        @Override
        public void write(Writing writing) {
            for (V each : list(writing)) {
                element.write(writing.out, writing.version, each);
            }
        }

        void writeParts(Writing writing, int maxBytes, Supplier<MessageWriter> next) {
            MessageWriter out = writing.out;
            MessageWriter scratch = new MessageWriter();
            for (V each : list(writing)) {
                scratch.clear();
                element.write(scratch, writing.version, each);
                if (out.position() + scratch.position() > maxBytes) {
                    out = next.get();
                    if (out.position() + scratch.position() > maxBytes) {
                        throw new IllegalArgumentException(
                                "one element of a message has " + scratch.position() + " bytes: " + each);
                    }
                }
                out.bytes(scratch.toByteArray());
            }
        }
    }

    /** Bytes without a meaning, whose content is not looked at. */
    record Padding(int bytes) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            reading.require(bytes);
            reading.in.skip(bytes);
        }

        @Override
        public void write(Writing writing) {
            writing.out.zeros(bytes);
        }
    }

    /** Bytes that have to be 0. */
    record Zeros(int bytes) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            reading.require(bytes);
            int at = reading.in.position();
            if (!reading.in.zeros(bytes)) {
                throw new OpenFlowException(
                        OpenFlowError.NXBRC_MUST_BE_ZERO, at, bytes + " bytes that should be 0 are not");
            }
        }

        @Override
        public void write(Writing writing) {
            writing.out.zeros(bytes);
        }
    }

    /** The length in bytes of the structure, 16 bits. */
    record OwnLength() implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            reading.require(Short.BYTES);
            reading.limit(reading.in.u16());
        }

        @Override
        public void write(Writing writing) {
            writing.lengthAt = writing.out.position();
            writing.out.u16(0);
        }
    }

    /** The length in bytes, 16 bits, of a component that stands further behind. */
    record LengthOf(int component) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            reading.require(Short.BYTES);
            int[] lengths = reading.lengths;
            if (lengths == null) {
                lengths = new int[reading.values.length];
                reading.lengths = lengths;
            }
            lengths[component] = reading.in.u16();
        }

        @Override
        public void write(Writing writing) {
            int[] at = writing.lengthsAt;
            if (at == null) {
                at = new int[writing.values.length];
                writing.lengthsAt = at;
            }
            at[component] = writing.out.position();
            writing.out.u16(0);
        }
    }

    /** A component whose length was given by {@link LengthOf}. */
    record Bounded(int component, WireType<Object> type) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            int length = Objects.requireNonNull(reading.lengths)[component];
            reading.require(length);
            MessageReader slice = reading.in.slice(length);
            reading.values[component] = type.read(slice, reading.version);
            if (slice.hasRemaining()) {
                throw reading.tooMuch(slice);
            }
        }

        @Override
        public void write(Writing writing) {
            int from = writing.out.position();
            type.write(writing.out, writing.version, writing.value(component));
            writing.out.patchU16(Objects.requireNonNull(writing.lengthsAt)[component], writing.out.position() - from);
        }
    }

    /** A component whose length was given, filled up to 8 bytes. */
    record BoundedAligned(Bounded value) implements Item {
        @Override
        public void read(Reading reading) throws OpenFlowException {
            int from = reading.in.position();
            value.read(reading);
            int padding = from - reading.in.position() & 7;
            reading.require(padding);
            reading.in.skip(padding);
        }

        @Override
        public void write(Writing writing) {
            int from = writing.out.position();
            value.write(writing);
            writing.out.pad8(from);
        }
    }

    /** Zeros up to a multiple of 8 bytes from the structure's start on; missing where the bytes end before. */
    record Align() implements Item {
        @Override
        public void read(Reading reading) {
            int bytes = -(reading.in.position() - reading.start) & 7;
            reading.in.skip(Math.min(bytes, reading.in.remaining()));
        }

        @Override
        public void write(Writing writing) {
            writing.out.pad8(writing.start);
        }
    }

    /** Whether a value is what its component has where there is no place for it. */
    static boolean isAbsent(@Nullable Object value, @Nullable Object absent) {
        return Objects.equals(value, absent);
    }
}
