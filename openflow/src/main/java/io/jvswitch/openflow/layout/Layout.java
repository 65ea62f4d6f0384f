package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands where in a structure of a message, for every version: the one definition from which reading and writing
 * follow. The structure's values are a record's components, named in the layout as in the record. A component that a
 * version has no place for is left out when it is written, and reads as 0, empty or null, or as {@link
 * LayoutBuilder#absent} says.
 *
 * <p>Made once, when a class is initialized; a layout that does not fit its record fails there. Stateless after that.
 *
 * @param <T> the record
 */
public final class Layout<T> implements WireType<T> {

    /** What stands at one place, or several that belong together. */
    interface Item {
        void read(Reading reading) throws OpenFlowException;

        void write(Writing writing);
    }

    private final Class<T> type;
    private final Constructor<T> constructor;
    private final Method[] accessors;
    private final Map<OpenFlowVersion, Item[]> items = new EnumMap<>(OpenFlowVersion.class);
    private final Map<OpenFlowVersion, @Nullable Object[]> absent = new EnumMap<>(OpenFlowVersion.class);
    private final Map<OpenFlowVersion, @Nullable Object[]> instead = new EnumMap<>(OpenFlowVersion.class);
    private final OpenFlowError lengthError;

    private Layout(Class<T> type, OpenFlowError lengthError, Consumer<LayoutBuilder> definition) {
        this.type = type;
        this.lengthError = lengthError;
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type + " is no record");
        }
        Class<?>[] types = new Class<?>[components.length];
        accessors = new Method[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            accessors[i] = components[i].getAccessor();
        }
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " has no canonical constructor", e);
        }
        boolean[] placed = new boolean[components.length];
        for (OpenFlowVersion version : OpenFlowVersion.values()) {
            LayoutBuilder builder = new LayoutBuilder(version, components);
            definition.accept(builder);
            items.put(version, builder.items());
            absent.put(version, builder.absentValues());
            instead.put(version, builder.insteadOfNull());
            builder.markPlaced(placed);
        }
        for (int i = 0; i < placed.length; i++) {
            if (!placed[i]) {
                throw new IllegalArgumentException(type + ": no version has a place for " + components[i].getName());
            }
        }
    }

    /** The layout of a structure; lengths that do not fit are {@code OFPBRC_BAD_LEN}. */
    public static <T extends Record> Layout<T> of(Class<T> type, Consumer<LayoutBuilder> definition) {
        return of(type, OpenFlowError.OFPBRC_BAD_LEN, definition);
    }

    /**
     * The layout of a structure.
     *
     * @param lengthError for lengths that do not fit
     */
    public static <T extends Record> Layout<T> of(
            Class<T> type, OpenFlowError lengthError, Consumer<LayoutBuilder> definition) {
        return new Layout<>(type, lengthError, definition);
    }

    /** The record whose layout it is. */
    public Class<T> type() {
        return type;
    }

    @Override
    public T read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
        @Nullable Object[] values = Objects.requireNonNull(absent.get(version)).clone();
        Reading reading = new Reading(in, version, values, lengthError);
        for (Item item : Objects.requireNonNull(items.get(version))) {
            item.read(reading);
        }
        reading.end();
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(type + " cannot be made of " + Arrays.toString(values), e);
        }
    }

    @Override
    public void write(MessageWriter out, OpenFlowVersion version, T value) {
        Writing writing = begin(out, version, value);
        for (Item item : Objects.requireNonNull(items.get(version))) {
            item.write(writing);
        }
        writing.end();
    }

    private Writing begin(MessageWriter out, OpenFlowVersion version, T value) {
        @Nullable Object[] values = Objects.requireNonNull(instead.get(version)).clone();
        for (int i = 0; i < values.length; i++) {
            Object component = component(i, value);
            if (component != null) {
                values[i] = component;
            }
        }
        return new Writing(out, version, values);
    }

    private @Nullable Object component(int index, T value) {
        try {
            return accessors[index].invoke(value);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException(type + " does not say its " + accessors[index].getName(), e);
        }
    }

    /**
     * Writes a structure that ends in a list, as in a multipart message, in as many parts as are needed.
     *
     * @param maxBytes what a part may have
     * @param first where the first part is written, behind its header
     * @param next gives the writer for each further part, with its header
     * @throws IllegalArgumentException when one element alone is too long for a part
     */
    public void writeParts(
            MessageWriter first, OpenFlowVersion version, T value, int maxBytes, Supplier<MessageWriter> next) {
        Writing writing = begin(first, version, value);
        Item[] all = Objects.requireNonNull(items.get(version));
        if (all.length == 0 || !(all[all.length - 1] instanceof Items.Tail<?> tail)) {
            write(first, version, value);
            return;
        }
        for (int i = 0; i < all.length - 1; i++) {
            all[i].write(writing);
        }
        tail.writeParts(writing, maxBytes, next);
    }

    /** A structure that is being read. */
    static final class Reading {

        MessageReader in;
        final OpenFlowVersion version;
        final @Nullable Object[] values;
        final int start;
        /** What a component's place is limited to, where a length was read before it. */
        int @Nullable [] lengths;

        private final OpenFlowError lengthError;
        private boolean limited;

        Reading(MessageReader in, OpenFlowVersion version, @Nullable Object[] values, OpenFlowError lengthError) {
            this.in = in;
            this.version = version;
            this.values = values;
            this.start = in.position();
            this.lengthError = lengthError;
        }

        /** The structure has so many bytes from its start on. */
        void limit(int length) throws OpenFlowException {
            int left = length - (in.position() - start);
            if (left < 0 || left > in.remaining()) {
                throw new OpenFlowException(
                        lengthError,
                        start,
                        "a length of " + length + " where " + (in.position() - start + in.remaining()) + " bytes are");
            }
            in = in.slice(left);
            limited = true;
        }

        void end() throws OpenFlowException {
            if (limited && in.hasRemaining()) {
                throw tooMuch(in);
            }
        }

        OpenFlowException tooMuch(MessageReader rest) {
            return new OpenFlowException(
                    lengthError, rest.position(), rest.remaining() + " bytes more than there should be");
        }

        void require(int bytes) throws OpenFlowException {
            if (bytes > in.remaining()) {
                in.require(bytes, lengthError, "a structure's part");
            }
        }
    }

    /** A structure that is being written. */
    static final class Writing {

        final MessageWriter out;
        final OpenFlowVersion version;
        final @Nullable Object[] values;
        final int start;
        /** Where the structure's own length stands, or -1. */
        int lengthAt = -1;
        /** Where the length of a component stands that is written later. */
        int @Nullable [] lengthsAt;

        Writing(MessageWriter out, OpenFlowVersion version, @Nullable Object[] values) {
            this.out = out;
            this.version = version;
            this.values = values;
            this.start = out.position();
        }

        /** A component that this version has to have. */
        Object value(int component) {
            Object value = values[component];
            if (value == null) {
                throw new IllegalArgumentException(
                        "OpenFlow " + version.label() + " cannot leave out component " + component + " of its record");
            }
            return value;
        }

        void end() {
            if (lengthAt >= 0) {
                out.patchU16(lengthAt, Math.min(out.position() - start, 0xffff));
            }
        }
    }

    @Override
    public String toString() {
        return "layout of " + type.getName();
    }
}
