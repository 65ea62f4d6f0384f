package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout.Item;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says what stands in a structure, from its first byte to its last, in one version. A {@link Layout}'s definition is
 * called with one of these for each version; {@link #in} is for what some versions only have.
 */
public final class LayoutBuilder {

    private final OpenFlowVersion version;
    private final RecordComponent[] components;
    private final List<Item> items = new ArrayList<>();
    private final @Nullable Object[] absent;
    private final @Nullable Object[] instead;
    private final boolean[] placed;

    LayoutBuilder(OpenFlowVersion version, RecordComponent[] components) {
        this.version = version;
        this.components = components;
        this.placed = new boolean[components.length];
        this.instead = new Object[components.length];
        this.absent = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            absent[i] = nothing(components[i].getType());
        }
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == String.class) {
            return "";
        }
        if (type == Bytes.class) {
            return Bytes.EMPTY;
        }
        return type == List.class ? List.of() : null;
    }

    /** What stands here in some versions only: {@code 1.0}, {@code 1.1-1.3}, {@code 1.4+}. */
    public LayoutBuilder in(String versions, Consumer<LayoutBuilder> definition) {
        if (VersionRange.of(versions).contains(version)) {
            definition.accept(this);
        }
        return this;
    }

    /** The value of a component for which there is no place, or no property. */
    public LayoutBuilder absent(String component, Object value) {
        absent[component(component)] = value;
        return this;
    }

    /** Components that are null where they are not told: there is no place for them, or no property. */
    public LayoutBuilder optional(String... components) {
        for (String component : components) {
            absent[component(component)] = null;
        }
        return this;
    }

    /** Components for which this form has no place. */
    public LayoutBuilder without(String... components) {
        for (String component : components) {
            component(component);
        }
        return this;
    }

    /** What is written for a component that is null, where the version cannot leave it out. */
    public LayoutBuilder instead(String component, Object value) {
        instead[component(component)] = value;
        return this;
    }

    /** 8 bits, for an int. */
    public LayoutBuilder u8(String component) {
        return field(component, WireTypes.U8);
    }

    /** 16 bits, for an int. */
    public LayoutBuilder u16(String component) {
        return field(component, WireTypes.U16);
    }

    /** 32 bits, for a long. */
    public LayoutBuilder u32(String component) {
        return field(component, WireTypes.U32);
    }

    /** 64 bits, for a long. */
    public LayoutBuilder u64(String component) {
        return field(component, WireTypes.U64);
    }

    /** A port's number in the version's own size, for an int. */
    public LayoutBuilder port(String component) {
        return field(component, WireTypes.PORT);
    }

    /** A component. */
    public LayoutBuilder field(String component, WireType<?> type) {
        items.add(new Items.Value(component(component), cast(type)));
        return this;
    }

    /** Text in a field of so many bytes. */
    public LayoutBuilder text(String component, int bytes) {
        return field(component, WireTypes.text(bytes));
    }

    /** All bytes that are left. */
    public LayoutBuilder rest(String component) {
        return field(component, WireTypes.REST);
    }

    /** A list up to the end, the structure's last component; a multipart message may be cut between its elements. */
    public LayoutBuilder list(String component, WireType<?> element) {
        items.add(new Items.Tail<>(component(component), cast(element)));
        return this;
    }

    /** Bytes that are 0 and not looked at. */
    public LayoutBuilder pad(int bytes) {
        items.add(new Items.Padding(bytes));
        return this;
    }

    /** Bytes that have to be 0; {@code NXBRC_MUST_BE_ZERO} when they are not. */
    public LayoutBuilder zeros(int bytes) {
        items.add(new Items.Zeros(bytes));
        return this;
    }

    /** The length in bytes of this structure, from its first byte on, in 16 bits. */
    public LayoutBuilder length() {
        items.add(new Items.OwnLength());
        return this;
    }

    /** The length in bytes, in 16 bits, of a component that comes later by {@link #bounded}. */
    public LayoutBuilder lengthOf(String component) {
        items.add(new Items.LengthOf(component(component)));
        return this;
    }

    /** A component whose length came before. */
    public LayoutBuilder bounded(String component, WireType<?> type) {
        items.add(new Items.Bounded(component(component), cast(type)));
        return this;
    }

    /** A component whose length came before, and zeros behind it up to a multiple of 8 bytes, which do not count. */
    public LayoutBuilder boundedAligned(String component, WireType<?> type) {
        items.add(new Items.BoundedAligned(new Items.Bounded(component(component), cast(type))));
        return this;
    }

    /** A flow's statistics, from OpenFlow 1.5 on: tagged, and filled up to 8 bytes. */
    public LayoutBuilder statistics(Consumer<Statistics> definition) {
        Statistics statistics = new Statistics(this);
        definition.accept(statistics);
        items.add(statistics);
        return this;
    }

    /** Zeros up to a multiple of 8 bytes from the structure's start on. */
    public LayoutBuilder align() {
        items.add(new Items.Align());
        return this;
    }

    /** Properties up to the end; unknown ones are an error. */
    public LayoutBuilder properties(Consumer<Properties> definition) {
        return properties(OpenFlowError.OFPBPC_BAD_TYPE, definition);
    }

    /** Properties up to the end; unknown ones are skipped, as in what a switch only tells. */
    public LayoutBuilder looseProperties(Consumer<Properties> definition) {
        return add(null, definition);
    }

    /**
     * Properties up to the end.
     *
     * @param unknown the error for properties that are not known
     */
    public LayoutBuilder properties(OpenFlowError unknown, Consumer<Properties> definition) {
        return add(unknown, definition);
    }

    private LayoutBuilder add(@Nullable OpenFlowError unknown, Consumer<Properties> definition) {
        Properties properties = new Properties(this, unknown);
        definition.accept(properties);
        items.add(properties);
        return this;
    }

    @SuppressWarnings("unchecked")
    private static WireType<Object> cast(WireType<?> type) {
        return (WireType<Object>) type;
    }

    int component(String name) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(name)) {
                placed[i] = true;
                return i;
            }
        }
        throw new IllegalArgumentException(
                components[0].getDeclaringRecord().getSimpleName() + " has no component " + name);
    }

    @Nullable
    Object absentOf(int component) {
        return absent[component];
    }

    Item[] items() {
        return items.toArray(Item[]::new);
    }

    @Nullable
    Object[] absentValues() {
        return absent.clone();
    }

    @Nullable
    Object[] insteadOfNull() {
        return instead.clone();
    }

    void markPlaced(boolean[] all) {
        for (int i = 0; i < all.length; i++) {
            all[i] |= placed[i];
        }
    }
}
