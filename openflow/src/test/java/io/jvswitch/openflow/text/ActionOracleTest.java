package io.jvswitch.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.action.Instructions;
import io.jvswitch.openflow.action.Instructions.FlowTraits;
import io.jvswitch.openflow.action.OpenFlowAction;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every action in every version, judged by Open vSwitch's codec: our bytes are its text, and its bytes again. */
final class ActionOracleTest {

    private static final int ROUNDS = 3;

    @BeforeEach
    void peer() {
        OvsOfctl.require();
    }

    @Test
    void whatIsPrintedIsReadAgain() throws FlowTextException {
        RandomActions random = new RandomActions(Seed.random(ActionOracleTest.class));
        for (int round = 0; round < ROUNDS; round++) {
            for (String text : random.all()) {
                assertEquals(text, ActionText.format(ActionParser.parseInstructions(text)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OpenFlowVersion.class)
    void ourBytesAreTheirs(OpenFlowVersion version) throws FlowTextException, OpenFlowException {
        RandomActions random = new RandomActions(Seed.random(ActionOracleTest.class));
        List<String> hex = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (String text : random.all()) {
                List<OpenFlowAction> actions = ActionParser.parseInstructions(text);
                byte[] bytes = encode(actions, version);
                if (bytes.length > 0 && !(actions.getFirst() instanceof OpenFlowAction.WriteMetadata)) {
                    hex.add(HexFormat.of().formatHex(bytes));
                    // What the version says in other actions is another text.
                    expected.add("actions="
                            + ActionText.format(Instructions.readActions(MessageReader.of(bytes), version, null)));
                }
            }
        }
        List<String> answers = OvsOfctl.answers(hex, "parse-actions", version.label());
        assertEquals(expected.size(), answers.size(), () -> String.join("\n", answers));
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(answers.get(i))) {
                differences.add(hex.get(i) + "\nours: " + expected.get(i) + "\ntheirs: " + answers.get(i));
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }

    private static byte[] encode(List<OpenFlowAction> actions, OpenFlowVersion version) {
        MessageWriter out = new MessageWriter();
        Instructions.writeActions(out, actions, version, FlowTraits.UNKNOWN);
        return out.toByteArray();
    }
}
