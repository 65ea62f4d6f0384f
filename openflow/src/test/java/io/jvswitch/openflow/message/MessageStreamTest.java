package io.jvswitch.openflow.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.message.session.Echo;
import io.jvswitch.wire.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class MessageStreamTest {

    @Test
    void messagesAreTheSameHoweverTheyCome() throws OpenFlowException {
        RandomGenerator random = Seed.random(MessageStreamTest.class);
        List<byte[]> sent = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            int payload = random.nextInt(10) == 0 ? MessageCodec.MAX_BYTES - MessageHeader.BYTES : random.nextInt(300);
            byte[] message = MessageCodec.encode(
                    OpenFlowMessage.of(OpenFlowVersion.V1_3, i, new Echo.Request(Bytes.of(new byte[payload]))));
            sent.add(message);
            all.writeBytes(message);
        }
        MessageStream stream = new MessageStream();
        List<byte[]> received = new ArrayList<>();
        MemorySegment bytes = MemorySegment.ofArray(all.toByteArray());
        for (long at = 0; at < bytes.byteSize(); ) {
            long count = Math.min(bytes.byteSize() - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 20_000));
            stream.add(bytes.asSlice(at, count));
            at += count;
            for (byte[] message = stream.next(); message != null; message = stream.next()) {
                received.add(message);
            }
        }
        assertEquals(sent.size(), received.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(sent.get(i), received.get(i));
        }
        assertNull(stream.next());
    }

    @Test
    void aLengthBelowAHeadersEndsTheStream() {
        for (int length = 0; length < MessageHeader.BYTES; length++) {
            MessageStream stream = new MessageStream();
            stream.add(MemorySegment.ofArray(new byte[] {4, 2, 0, (byte) length, 0, 0, 0, 0}));
            OpenFlowException refused = assertThrows(OpenFlowException.class, stream::next);
            assertEquals(OpenFlowError.OFPBRC_BAD_LEN, refused.error());
        }
    }
}
