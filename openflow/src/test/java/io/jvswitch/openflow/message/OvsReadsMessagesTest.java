package io.jvswitch.openflow.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Open vSwitch's own tool reads what we write, in every form and version. */
final class OvsReadsMessagesTest {

    private static final int ROUNDS = 5;

    /** What is wrong with random values, and not with where they stand. */
    private static final List<String> OF_CONTENT = List.of(
            "OFPSCFC_BAD_FLAGS",
            "OFPACFC_INVALID",
            "OFPBRC_EPERM",
            "OFPGMFC_INVALID_GROUP",
            "OFPFMFC_BAD_EMERG_TIMEOUT",
            "OFPFMFC_BAD_FLAGS",
            "OFPMOFC_BAD_FLAGS",
            "OFPBMC_BAD_FIELD",
            "OFPBIC_UNKNOWN_INST",
            "OFPTFFC_BAD_TABLE",
            "OFPTFFC_BAD_COMMAND",
            "OFPTFFC_BAD_FEATURES",
            "OFPBPC_BAD_VALUE",
            "OFPBFC_MSG_UNSUP",
            "OFPBFC_MSG_BAD_XID",
            "OFPMMFC_BAD_FLAGS",
            "NXTTMFC_BAD_FIELD_IDX",
            "eviction=***error***");

    private final RandomGenerator random = Seed.random(OvsReadsMessagesTest.class);
    private final RandomMessages messages = new RandomMessages(random);

    @Test
    void itReadsEveryMessage() throws Exception {
        List<byte[]> bytes = new ArrayList<>();
        List<OpenFlowMessage> sent = new ArrayList<>();
        for (MessageType type : MessageType.values()) {
            for (MessageForm<?> form : type.forms()) {
                for (OpenFlowVersion version : OpenFlowVersion.values()) {
                    for (int i = 0; form.isIn(version) && i < ROUNDS; i++) {
                        OpenFlowMessage message = messages.message(version, form);
                        sent.add(message);
                        bytes.add(MessageCodec.encode(message));
                    }
                }
            }
        }
        List<String> texts = OfpParse.texts(bytes);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (!text.startsWith(sent.get(i).form().label())
                    || text.contains("***") && OF_CONTENT.stream().noneMatch(text::contains)) {
                wrong.add(sent.get(i) + "\n" + text);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }
}
