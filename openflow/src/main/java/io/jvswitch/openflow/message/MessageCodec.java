package io.jvswitch.openflow.message;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.MessageHeader.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages from bytes, and bytes from messages, in every version and form. Stateless.
 */
public final class MessageCodec {

    /** What the length of 16 bits in a header can say. */
    public static final int MAX_BYTES = 0xffff;

    private static final int LENGTH_OFFSET = 2;
    private static final int STATISTICS_FLAGS_OFFSET = 10;

    private MessageCodec() {}

    /**
     * Reads one message, all of it.
     *
     * @throws OpenFlowException when it is none that we know; its error is the answer to the peer
     */
    public static OpenFlowMessage decode(byte[] bytes) throws OpenFlowException {
        return decode(MessageReader.of(bytes));
    }

    /**
     * Reads one message, all that the reader has.
     *
     * @throws OpenFlowException when it is none that we know; its error is the answer to the peer
     */
    public static OpenFlowMessage decode(MessageReader in) throws OpenFlowException {
        Parsed header = MessageHeader.read(in);
        Message body = header.form().layout().read(in, header.version());
        if (in.hasRemaining()) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBRC_BAD_LEN,
                    in.position(),
                    in.remaining() + " bytes more than " + header.form() + " has");
        }
        return new OpenFlowMessage(header.version(), header.xid(), header.form(), header.more(), body);
    }

    /**
     * The bytes of a message.
     *
     * @throws IllegalArgumentException when it is too long for one; {@link #encodeParts} cuts statistics
     */
    public static byte[] encode(OpenFlowMessage message) {
        MessageWriter out = new MessageWriter();
        encode(message, out);
        return out.toByteArray();
    }

    /** Writes a message behind what a writer has; see {@link #encode(OpenFlowMessage)}. */
    public static void encode(OpenFlowMessage message, MessageWriter out) {
        int start = out.position();
        MessageHeader.write(out, message.version(), message.xid(), message.form(), message.more());
        layout(message.form()).write(out, message.version(), message.body());
        int length = out.position() - start;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    message.form() + " has " + length + " bytes, and " + MAX_BYTES + " fit into a message");
        }
        out.patchU16(start + LENGTH_OFFSET, length);
    }

    /**
     * The bytes of a message that ends in a list: statistics and their requests are spread over as many messages as are
     * needed, each but the last saying that more follow. Any other message is one part.
     *
     * @throws IllegalArgumentException when an element alone is too long
     */
    public static List<byte[]> encodeParts(OpenFlowMessage message) {
        if (!message.form().family().isMultipart()) {
            return List.of(encode(message));
        }
        List<MessageWriter> parts = new ArrayList<>();
        parts.add(begin(message));
        layout(message.form()).writeParts(parts.getFirst(), message.version(), message.body(), MAX_BYTES, () -> {
            parts.getLast().patchU16(STATISTICS_FLAGS_OFFSET, MessageHeader.FLAG_MORE);
            parts.add(begin(message));
            return parts.getLast();
        });
        List<byte[]> all = new ArrayList<>(parts.size());
        for (MessageWriter part : parts) {
            part.patchU16(LENGTH_OFFSET, part.position());
            all.add(part.toByteArray());
        }
        return all;
    }

    private static MessageWriter begin(OpenFlowMessage message) {
        MessageWriter part = new MessageWriter();
        MessageHeader.write(part, message.version(), message.xid(), message.form(), message.more());
        return part;
    }

    @SuppressWarnings("unchecked")
    private static Layout<Message> layout(MessageForm<?> form) {
        return (Layout<Message>) form.layout();
    }
}
