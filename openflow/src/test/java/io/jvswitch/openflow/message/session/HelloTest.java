package io.jvswitch.openflow.message.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.message.MessageCodec;
import io.jvswitch.openflow.message.OpenFlowMessage;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HelloTest {

    private static String hello(OpenFlowVersion highest, Set<OpenFlowVersion> versions) {
        return HexFormat.of()
                .formatHex(MessageCodec.encode(OpenFlowMessage.of(highest, 0x1122_3344, Hello.offering(versions))));
    }

    private static Hello read(String hex) throws OpenFlowException {
        return (Hello) MessageCodec.decode(HexFormat.of().parseHex(hex)).body();
    }

    /** As Open vSwitch 3.1.0 sends it on a bridge's management socket, by the bridge's {@code protocols}. */
    @Test
    void versionsAreOfferedAsOpenVSwitchDoes() {
        assertEquals("0600000811223344", hello(OpenFlowVersion.V1_5, EnumSet.allOf(OpenFlowVersion.class)));
        assertEquals(
                "0400001011223344" + "0001000800000012",
                hello(OpenFlowVersion.V1_3, EnumSet.of(OpenFlowVersion.V1_0, OpenFlowVersion.V1_3)));
        assertEquals(
                "0400001011223344" + "0001000800000010", hello(OpenFlowVersion.V1_3, EnumSet.of(OpenFlowVersion.V1_3)));
    }

    /** OpenFlow 1.5.1, section 6.3.3: the highest that both have, by bitmaps where both sent one. */
    @Test
    void theHighestCommonVersionIsSpoken() throws OpenFlowException {
        Set<OpenFlowVersion> ours = EnumSet.of(OpenFlowVersion.V1_0, OpenFlowVersion.V1_3);
        assertEquals(OpenFlowVersion.V1_0, read("0100000800000001").agree(ours, 1));
        assertEquals(OpenFlowVersion.V1_3, read("0600000800000001").agree(ours, 6));
        assertEquals(
                OpenFlowVersion.V1_0, read("06000010000000010001000800000042").agree(ours, 6));
        assertNull(read("06000010000000010001000800000040").agree(ours, 6));
        // A version that nobody knows yet, without a bitmap: all before it are meant.
        assertEquals(OpenFlowVersion.V1_3, read("0900000800000001").agree(ours, 9));
    }

    /** A hello with elements that cannot be read counts as one without. */
    @Test
    void brokenElementsAreNoReasonToRefuse() throws OpenFlowException {
        assertEquals(0, read("040000100000000100010003ffffffff").bitmap());
        assertEquals(0, read("0400001000000001000100ff00000012").bitmap());
        assertEquals(
                0x12,
                read("04000018000000010007000800000000" + "0001000800000012").bitmap());
        assertEquals(0, read("0400000a000000010001").bitmap());
    }
}
