package io.jvswitch.openflow.message;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.layout.WireTypes;

/**
 * Where matches stand in messages. What a match says depends on the bridge's tunnel options, which messages do
 * not know:
 * a message carries its bytes, and who has the bridge reads them.
 */
public final class MatchBytes {

    private static final int V1_0_BYTES = 40;
    private static final int V1_1_BYTES = 88;
    private static final int HEADER_BYTES = 4;
    private static final int TYPE_STANDARD = 0;
    private static final int TYPE_OXM = 1;

    /** {@code ofp10_match}: always 40 bytes. */
    public static final WireType<Bytes> V1_0 = WireTypes.bytes(V1_0_BYTES);

    /** A list of fields, as far as its bounds go: NXM. */
    public static final WireType<Bytes> FIELDS = WireTypes.REST;

    /**
     * From OpenFlow 1.1 on (1.5.1, section 7.2.3.1). The bytes are in 1.1 {@code ofp11_match} with its header,
     * 88 bytes,
     * and later the list of fields behind the header, which is filled up to 8 bytes.
     */
    public static final WireType<Bytes> STANDARD = standard(true);

    /** As {@link #STANDARD}, where the length that the message has beside it does not count the filling. */
    public static final WireType<Bytes> UNFILLED = standard(false);

    private MatchBytes() {}

    private static WireType<Bytes> standard(boolean filled) {
        return new WireType<>() {
            @Override
            public Bytes read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
                in.require(HEADER_BYTES, OpenFlowError.OFPBMC_BAD_LEN, "a match");
                int at = in.position();
                int type = in.peekU16(0);
                int length = in.peekU16(2);
                boolean old = version == OpenFlowVersion.V1_1;
                if (type != (old ? TYPE_STANDARD : TYPE_OXM)) {
                    throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_TYPE, at, "a match of type " + type);
                }
                if (old ? length != V1_1_BYTES : length < HEADER_BYTES) {
                    throw new OpenFlowException(OpenFlowError.OFPBMC_BAD_LEN, at, "a match of " + length + " bytes");
                }
                int all = filled ? length + 7 & ~7 : length;
                in.require(all, OpenFlowError.OFPBMC_BAD_LEN, "a match");
                if (old) {
                    return Bytes.read(in, length);
                }
                in.skip(HEADER_BYTES);
                Bytes fields = Bytes.read(in, length - HEADER_BYTES);
                in.skip(all - length);
                return fields;
            }

            @Override
            public void write(MessageWriter out, OpenFlowVersion version, Bytes value) {
                int start = out.position();
                if (version != OpenFlowVersion.V1_1) {
                    out.u16(TYPE_OXM).u16(HEADER_BYTES + value.length());
                } else if (value.length() != V1_1_BYTES) {
                    throw new IllegalArgumentException("a match of OpenFlow 1.1 has not " + value.length() + " bytes");
                }
                value.writeTo(out);
                if (filled) {
                    out.pad8(start);
                }
            }
        };
    }
}
