package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.layout.Layout.Item;
import io.jvswitch.openflow.layout.Layout.Reading;
import io.jvswitch.openflow.layout.Layout.Writing;
import java.util.ArrayList;
import java.util.List;

/**
 * A flow's statistics as OpenFlow 1.5 has them (1.5.1, section 7.2.4): two bytes of zeros, the length in bytes,
 * then for
 * each its class 0x8002, its number and its length like a field of a match, and its value; filled up to 8 bytes.
 * What is
 * not known here is skipped, and a counter of -1 is not told.
 */
public final class Statistics implements Item {

    private static final int CLASS = 0x8002;
    private static final int HEADER_BYTES = 4;
    private static final int DURATION = 0;
    private static final long UNKNOWN = -1;

    /** One number, which is one component or, as seconds and nanoseconds, two. */
    private record Part(int number, int bytes, int component, int second) {}

    private final LayoutBuilder layout;
    private final List<Part> parts = new ArrayList<>();

    Statistics(LayoutBuilder layout) {
        this.layout = layout;
    }

    /** For how long the flow has been there. */
    public Statistics duration(String seconds, String nanoseconds) {
        parts.add(new Part(DURATION, Long.BYTES, layout.component(seconds), layout.component(nanoseconds)));
        return this;
    }

    /** A counter of 32 bits. */
    public Statistics u32(int number, String component) {
        parts.add(new Part(number, Integer.BYTES, layout.component(component), -1));
        return this;
    }

    /** A counter of 64 bits. */
    public Statistics u64(int number, String component) {
        parts.add(new Part(number, Long.BYTES, layout.component(component), -1));
        return this;
    }

    @Override
    public void read(Reading reading) throws OpenFlowException {
        reading.require(HEADER_BYTES);
        int start = reading.in.position();
        int length = reading.in.peekU16(2);
        int padded = length + 7 & ~7;
        if (length < HEADER_BYTES || padded > reading.in.remaining()) {
            throw new OpenFlowException(OpenFlowError.OFPBRC_BAD_LEN, start, "statistics have a length of " + length);
        }
        MessageReader in = reading.in.slice(length);
        reading.in.skip(padded - length);
        in.skip(HEADER_BYTES);
        while (in.hasRemaining()) {
            in.require(HEADER_BYTES, OpenFlowError.OFPBRC_BAD_LEN, "a statistic's header");
            int header = in.i32();
            int bytes = header & 0xff;
            in.require(bytes, OpenFlowError.OFPBRC_BAD_LEN, "a statistic");
            readOne(reading, in.slice(bytes), header >>> 16, header >>> 9 & 0x7f);
        }
    }

    private void readOne(Reading reading, MessageReader in, int classNumber, int number) throws OpenFlowException {
        for (Part part : parts) {
            if (classNumber == CLASS && part.number == number) {
                if (in.remaining() != part.bytes) {
                    throw new OpenFlowException(
                            OpenFlowError.OFPBRC_BAD_LEN,
                            in.position(),
                            "statistic " + number + " has " + in.remaining() + " bytes");
                }
                boolean wide = part.second < 0 && part.bytes == Long.BYTES;
                reading.values[part.component] = wide ? in.u64() : in.u32();
                if (part.second >= 0) {
                    reading.values[part.second] = in.u32();
                }
            }
        }
    }

    @Override
    public void write(Writing writing) {
        int start = writing.out.position();
        writing.out.u16(0).u16(0);
        for (Part part : parts) {
            long value = (long) writing.value(part.component);
            if (value == UNKNOWN) {
                continue;
            }
            writing.out.u16(CLASS).u8(part.number << 1).u8(part.bytes);
            if (part.second >= 0) {
                writing.out.u32((int) value).u32((int) (long) writing.value(part.second));
            } else if (part.bytes == Long.BYTES) {
                writing.out.u64(value);
            } else {
                writing.out.u32((int) value);
            }
        }
        writing.out.patchU16(start + 2, writing.out.position() - start).pad8(start);
    }
}
