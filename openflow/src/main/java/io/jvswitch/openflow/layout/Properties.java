package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.layout.Layout.Item;
import io.jvswitch.openflow.layout.Layout.Reading;
import io.jvswitch.openflow.layout.Layout.Writing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Properties (OpenFlow 1.4 and later) up to the structure's end: a type and a length of 16 bits each, then the value,
 * filled up to 8 bytes with zeros that the length does not count. An experimenter's property has the type 0xffff, then
 * the experimenter and its own type, 32 bits each.
 *
 * <p>A component whose value is what {@link LayoutBuilder#absent} says has no property.
 */
public final class Properties implements Item {

    private static final int EXPERIMENTER = 0xffff;
    private static final int HEADER_BYTES = 4;
    private static final int EXPERIMENTER_HEADER_BYTES = 12;

    /** A property that a component is. */
    private record Property(long key, int component, WireType<Object> type, boolean each, boolean always) {}

    private final LayoutBuilder layout;
    private final @Nullable OpenFlowError unknown;
    private final Map<Long, Property> byKey = new LinkedHashMap<>();

    /**
     * @param unknown the error for properties that are not known, or null where they are skipped
     */
    Properties(LayoutBuilder layout, @Nullable OpenFlowError unknown) {
        this.layout = layout;
        this.unknown = unknown;
    }

    /** A component, as the property of a type: its value begins behind the property's length. */
    public Properties value(int type, String component, WireType<?> valueType) {
        return add(type, component, valueType, false, false);
    }

    /** A component that is written whatever its value is. */
    public Properties always(int type, String component, WireType<?> valueType) {
        return add(type, component, valueType, false, true);
    }

    /** A list, each of whose elements is a property of the type. */
    public Properties each(int type, String component, WireType<?> valueType) {
        return add(type, component, valueType, true, false);
    }

    /** A component, as an experimenter's property. */
    public Properties experimenter(int experimenter, int type, String component, WireType<?> valueType) {
        return add((experimenter & 0xffff_ffffL) << 32 | type & 0xffff_ffffL, component, valueType, false, false);
    }

    @SuppressWarnings("unchecked")
    private Properties add(long key, String component, WireType<?> type, boolean each, boolean always) {
        byKey.put(key, new Property(key, layout.component(component), (WireType<Object>) type, each, always));
        return this;
    }

    @Override
    public void read(Reading reading) throws OpenFlowException {
        while (reading.in.hasRemaining()) {
            int start = reading.in.position();
            reading.in.require(HEADER_BYTES, OpenFlowError.OFPBPC_BAD_LEN, "a property");
            int length = reading.in.peekU16(2);
            int padded = length + 7 & ~7;
            if (length < HEADER_BYTES || padded > reading.in.remaining()) {
                throw new OpenFlowException(
                        OpenFlowError.OFPBPC_BAD_LEN,
                        start,
                        "a property's length is " + length + ", and " + reading.in.remaining() + " bytes are left");
            }
            MessageReader in = reading.in.slice(length);
            reading.in.skip(padded - length);
            readOne(reading, in);
        }
    }

    private void readOne(Reading reading, MessageReader in) throws OpenFlowException {
        int start = in.position();
        long key = in.u16();
        in.skip(2);
        if (key == EXPERIMENTER) {
            if (in.remaining() < EXPERIMENTER_HEADER_BYTES - HEADER_BYTES) {
                throw new OpenFlowException(OpenFlowError.OFPBPC_BAD_LEN, start, "a short property of an experimenter");
            }
            key = in.u32() << 32 | in.u32();
        }
        Property property = byKey.get(key);
        if (property == null) {
            if (unknown != null) {
                throw new OpenFlowException(
                        key > EXPERIMENTER ? OpenFlowError.OFPBPC_BAD_EXPERIMENTER : unknown,
                        start,
                        "there is no property 0x" + Long.toHexString(key) + " here");
            }
            return;
        }
        Object value = property.type.read(in, reading.version);
        // What fills a small value up to 8 bytes may be counted or not: Open vSwitch does both.
        if (in.remaining() >= 8 || !in.zeros(in.remaining())) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBPC_BAD_LEN, start, "a property 0x" + Long.toHexString(key) + " is too long");
        }
        if (property.each) {
            List<Object> all = new ArrayList<>((List<?>) Objects.requireNonNull(reading.values[property.component]));
            all.add(value);
            reading.values[property.component] = List.copyOf(all);
        } else {
            reading.values[property.component] = value;
        }
    }

    @Override
    public void write(Writing writing) {
        for (Property property : byKey.values()) {
            Object value = writing.values[property.component];
            if (property.each) {
                for (Object each : (List<?>) Objects.requireNonNull(value)) {
                    writeOne(writing, property, each);
                }
            } else if (value != null
                    && (property.always || !Items.isAbsent(value, layout.absentOf(property.component)))) {
                writeOne(writing, property, value);
            }
        }
    }

    private static void writeOne(Writing writing, Property property, Object value) {
        int start = writing.out.position();
        boolean experimenter = property.key > EXPERIMENTER;
        writing.out.u16(experimenter ? EXPERIMENTER : (int) property.key).u16(0);
        if (experimenter) {
            writing.out.u32((int) (property.key >>> 32)).u32((int) property.key);
        }
        property.type.write(writing.out, writing.version, value);
        writing.out.patchU16(start + 2, writing.out.position() - start).pad8(start);
    }
}
