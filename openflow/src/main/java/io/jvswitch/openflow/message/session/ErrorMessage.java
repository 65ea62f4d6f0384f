package io.jvswitch.openflow.message.session;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.WireType;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says that a request failed (OpenFlow 1.5.1, section 7.5.4). Nicira's own errors have the type 0xb0c2 in OpenFlow 1.0
 * and 1.1, which had no experimenters' errors, and the type 0xffff later.
 *
 * @param number which error, in the message's version
 * @param data at least 64 bytes of the request, or all of it
 */
public record ErrorMessage(OpenFlowError.ErrorNumber number, Bytes data) implements Message {

    /** How much of a request goes into the error that answers it: Open vSwitch sends so much. */
    public static final int MAX_REQUEST_BYTES = 64;

    private static final int TYPE_NICIRA = 0xb0c2;

    private static final WireType<OpenFlowError.ErrorNumber> NUMBER = new WireType<>() {
        @Override
        public OpenFlowError.ErrorNumber read(MessageReader in, OpenFlowVersion version) throws OpenFlowException {
            in.require(4, OpenFlowError.OFPBRC_BAD_LEN, "an error");
            int type = in.u16();
            int code = in.u16();
            if (type == TYPE_NICIRA && code == 0 && !version.isAtLeast(OpenFlowVersion.V1_2)) {
                in.require(8, OpenFlowError.OFPBRC_BAD_LEN, "Nicira's error");
                return new OpenFlowError.ErrorNumber(in.i32(), in.u16(), in.u16());
            }
            if (type == OpenFlowError.TYPE_EXPERIMENTER && version.isAtLeast(OpenFlowVersion.V1_2)) {
                in.require(4, OpenFlowError.OFPBRC_BAD_LEN, "an experimenter's error");
                return new OpenFlowError.ErrorNumber(in.i32(), type, code);
            }
            return new OpenFlowError.ErrorNumber(0, type, code);
        }

        @Override
        public void write(MessageWriter out, OpenFlowVersion version, OpenFlowError.ErrorNumber value) {
            if (value.vendor() == 0) {
                out.u16(value.type()).u16(value.code());
            } else if (version.isAtLeast(OpenFlowVersion.V1_2)) {
                out.u16(OpenFlowError.TYPE_EXPERIMENTER).u16(value.code()).u32(value.vendor());
            } else {
                out.u16(TYPE_NICIRA)
                        .u16(0)
                        .u32(value.vendor())
                        .u16(value.type())
                        .u16(value.code());
            }
        }
    };

    public static final MessageForms<ErrorMessage> FORMS = MessageForms.<ErrorMessage>named("ERROR")
            .form(
                    Family.OFPT,
                    "1.0+",
                    1,
                    Layout.of(ErrorMessage.class, f -> f.field("number", NUMBER).rest("data")));

    /**
     * The answer to a request that failed. An error that the version has no number for becomes Nicira's
     * {@link OpenFlowError#NXBRC_UNENCODABLE_ERROR}.
     *
     * @param request all bytes of the request
     */
    public static ErrorMessage of(OpenFlowVersion version, OpenFlowError error, Bytes request) {
        OpenFlowError.ErrorNumber number = error.number(version);
        if (number == null) {
            number = Objects.requireNonNull(OpenFlowError.NXBRC_UNENCODABLE_ERROR.number(version));
        }
        return new ErrorMessage(number, request.first(MAX_REQUEST_BYTES));
    }

    /** Which error it is, or null where nobody knows the number. */
    public @Nullable OpenFlowError error(OpenFlowVersion version) {
        return OpenFlowError.of(version, number);
    }

    @Override
    public MessageType type() {
        return MessageType.ERROR;
    }
}
