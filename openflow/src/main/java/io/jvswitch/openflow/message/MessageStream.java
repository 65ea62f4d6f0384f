package io.jvswitch.openflow.message;

import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a connection brings into messages, by the lengths in their headers. Keeps what is not a whole message yet,
 * beside what was added and not taken: who adds takes all messages before adding more, and then it is less than 64 KB.
 * Not thread-safe.
 */
public final class MessageStream {

    private static final int LENGTH_OFFSET = 2;
    private static final int FIRST_BYTES = 4096;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int from;
    private int to;

    /** An empty one. */
    public MessageStream() {}

    /** Adds what was received; it is copied. */
    public void add(MemorySegment received) {
        int count = Math.toIntExact(received.byteSize());
        if (count > bytes.length - to) {
            int kept = to - from;
            byte[] room = kept + count > bytes.length ? new byte[Math.max(2 * bytes.length, kept + count)] : bytes;
            System.arraycopy(bytes, from, room, 0, kept);
            bytes = room;
            from = 0;
            to = kept;
        }
        MemorySegment.copy(received, ValueLayout.JAVA_BYTE, 0, bytes, to, count);
        to += count;
    }

    /**
     * The next whole message, or null when more has to be received.
     *
     * @throws OpenFlowException when a header's length is less than a header: nobody can know where the next message
     *     begins, and the connection has to be closed
     */
    public byte @Nullable [] next() throws OpenFlowException {
        if (to - from < MessageHeader.BYTES) {
            return null;
        }
        int length = NetworkOrder.getU16(MemorySegment.ofArray(bytes), from + LENGTH_OFFSET);
        if (length < MessageHeader.BYTES) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBRC_BAD_LEN,
                    LENGTH_OFFSET,
                    "received too-short ofp_header (" + length + " bytes)");
        }
        if (to - from < length) {
            return null;
        }
        byte[] message = Arrays.copyOfRange(bytes, from, from + length);
        from += length;
        if (from == to) {
            from = 0;
            to = 0;
        }
        return message;
    }
}
