package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first message of both sides: which versions each speaks (OpenFlow 1.5.1, section 7.5.1).
 *
 * @param bitmap bit <i>n</i> is the version with the number <i>n</i>; 0 where none was sent, and the header's
 *     version and
 *     all before it are meant
 */
public record Hello(long bitmap) implements Message {

    private static final int ELEMENT_VERSIONS = 1;
    private static final int ELEMENT_HEADER_BYTES = 4;

    private static final WireType<Long> BITMAP = new WireType<>() {
        @Override
        public Long read(MessageReader in, OpenFlowVersion version) {
            long bitmap = 0;
            // A hello that nobody can read is one without elements, as Open vSwitch has it.
            while (in.remaining() >= ELEMENT_HEADER_BYTES) {
                int type = in.u16();
                int length = in.u16();
                int padded = length + 7 & ~7;
                if (length < ELEMENT_HEADER_BYTES || padded - ELEMENT_HEADER_BYTES > in.remaining()) {
                    break;
                }
                MessageReader element = in.slice(padded - ELEMENT_HEADER_BYTES);
                if (type == ELEMENT_VERSIONS && length >= ELEMENT_HEADER_BYTES + Integer.BYTES) {
                    bitmap = element.u32();
                }
            }
            in.skip(in.remaining());
            return bitmap;
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, Long value) {
            if (value != 0) {
                out.u16(ELEMENT_VERSIONS)
                        .u16(ELEMENT_HEADER_BYTES + Integer.BYTES)
                        .u32(value.intValue());
            }
        }
    };

    public static final MessageForms<Hello> FORMS = MessageForms.<Hello>named("HELLO")
            .form(Family.OFPT, "1.0+", 0, Layout.of(Hello.class, f -> f.field("bitmap", BITMAP)));

    /**
     * What to send when these versions are spoken, in a header of the highest: nothing else where they are all from 1.0
     * on.
     */
    public static Hello offering(Set<OpenFlowVersion> versions) {
        EnumSet<OpenFlowVersion> upTo = EnumSet.range(OpenFlowVersion.V1_0, highest(versions));
        return new Hello(upTo.equals(versions) ? 0 : bitmap(versions));
    }

    private static OpenFlowVersion highest(Set<OpenFlowVersion> versions) {
        return versions.stream()
                .max(OpenFlowVersion::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("no version of OpenFlow is allowed"));
    }

    private static long bitmap(Set<OpenFlowVersion> versions) {
        long bitmap = 0;
        for (OpenFlowVersion version : versions) {
            bitmap |= 1L << version.wire();
        }
        return bitmap;
    }

    /**
     * The version to speak: the highest that both sides have, or null where there is none.
     *
     * @param ours what we offered
     * @param header the version in the header of this hello, as a number: it may be one that we don't know
     */
    public @Nullable OpenFlowVersion agree(Set<OpenFlowVersion> ours, int header) {
        long theirs = bitmap != 0 ? bitmap : (1L << header + 1) - 2;
        OpenFlowVersion best = null;
        for (OpenFlowVersion version : ours) {
            if ((theirs >> version.wire() & 1) != 0 && (best == null || version.isAtLeast(best))) {
                best = version;
            }
        }
        return best;
    }

    @Override
    public MessageType type() {
        return MessageType.HELLO;
    }
}
