package io.jvswitch.openflow.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jvswitch.openflow.OpenFlowException;

/**
 * No bytes make the decoder do anything but read a message or refuse it with OpenFlow's error, and what it read is
 * written and read again as the same. The normal build replays the corpus beside this class. To search on: {@code
 * JAZZER_FUZZ=1 ./mvnw -pl openflow -am test -Dtest=MessageFuzzTest#anyMessage -Djazzer.hooks=true
 * -Dsurefire.failIfNoSpecifiedTests=false}; the corpus that grows meanwhile stays out of the repository.
 */
class MessageFuzzTest {

    @FuzzTest
    void anyMessage(byte[] bytes) throws OpenFlowException {
        if (bytes.length >= MessageHeader.BYTES && bytes.length <= MessageCodec.MAX_BYTES) {
            // The length is right more often than by chance.
            bytes[2] = (byte) (bytes.length >>> 8);
            bytes[3] = (byte) bytes.length;
        }
        OpenFlowMessage message;
        try {
            message = MessageCodec.decode(bytes);
        } catch (OpenFlowException e) {
            return;
        }
        assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)));
    }
}
