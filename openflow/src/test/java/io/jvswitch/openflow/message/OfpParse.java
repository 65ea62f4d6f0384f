package io.jvswitch.openflow.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.NetworkOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** {@code ovs-ofctl ofp-parse}: what Open vSwitch's tool reads in messages. */
final class OfpParse {

    private OfpParse() {}

    /** The tool's text of each message. */
    static List<String> texts(List<byte[]> messages) throws IOException, InterruptedException {
        Peers.require("ovs-ofctl");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.write(message);
        }
        Path file = Files.createTempFile("openflow", ".bin");
        try {
            Files.write(file, all.toByteArray());
            Process process = new ProcessBuilder("ovs-ofctl", "--no-names", "ofp-parse", file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            List<String> texts = split(messages, output);
            assertEquals(
                    messages.size(),
                    texts.size(),
                    () -> "no text of " + HexFormat.of().formatHex(messages.get(texts.size())) + " in " + output);
            return texts;
        } finally {
            Files.delete(file);
        }
    }

    /** A message begins with the line that has its transaction's number, which has to be another for each. */
    private static List<String> split(List<byte[]> messages, String output) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String line : output.split("\n", -1)) {
            if (texts.size() < messages.size() && line.contains(xid(messages.get(texts.size())))) {
                texts.add("");
                text.setLength(0);
            }
            if (!texts.isEmpty()) {
                text.append(line).append('\n');
                texts.set(texts.size() - 1, text.toString());
            }
        }
        return texts;
    }

    private static String xid(byte[] message) {
        return "(xid=0x" + Integer.toHexString(NetworkOrder.getInt(MemorySegment.ofArray(message), 4)) + ")";
    }
}
