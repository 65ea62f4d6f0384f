package io.jvswitch.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.action.Instructions;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.openflow.match.OxmMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Any bytes and any text: one of our errors, or something that can be written. {@code mvn test} runs the corpus beside
 * this class; with {@code JAZZER_FUZZ=1} Jazzer looks for more.
 */
final class OpenFlowFuzzTest {

    /** The first byte chooses the version, the rest is instructions and a match. */
    @FuzzTest
    void bytes(byte[] input) throws OpenFlowException {
        if (input.length == 0) {
            return;
        }
        OpenFlowVersion version = Objects.requireNonNull(OpenFlowVersion.ofWire(1 + (input[0] & 0xff) % 6));
        byte[] rest = Arrays.copyOfRange(input, 1, Math.min(input.length, 0xffff));
        MessageWriter out = new MessageWriter();
        try {
            OxmMatch.write(out, OxmMatch.read(MessageReader.of(rest), TunnelOptions.NONE), version, TunnelOptions.NONE);
        } catch (OpenFlowException e) {
            // refused, as it should be
        }
        List<OpenFlowAction> actions;
        try {
            actions = Instructions.read(MessageReader.of(rest), version, null);
        } catch (OpenFlowException e) {
            return;
        }
        ActionText.format(actions);
        out.clear();
        Instructions.write(out, actions, version, Instructions.FlowTraits.UNKNOWN);
        assertEquals(actions, Instructions.read(MessageReader.of(out.toByteArray()), version, null));
    }

    @FuzzTest
    void text(byte[] input) {
        String line = new String(input, StandardCharsets.UTF_8);
        try {
            FlowLineParser.parse(line).format();
        } catch (FlowTextException e) {
            // refused, as it should be
        }
    }
}
