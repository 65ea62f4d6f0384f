package io.jvswitch.openflow.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.TunnelOptions;
import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OxmMatchTest {

    private static FlowMatch read(String hex, TunnelOptions options) throws OpenFlowException {
        return OxmMatch.read(MessageReader.of(HexFormat.of().parseHex(hex)), options);
    }

    /** OpenFlow 1.5.1, section 7.5.4.4: each way to be wrong has its own error, and the place of the field at fault. */
    @ParameterizedTest
    @CsvSource({
        "80000a020800800014011180001a0205dc, OFPBMC_BAD_PREREQ, 11",
        "80001a020050, OFPBMC_BAD_PREREQ, 0",
        "80000a02080080000a020800, OFPBMC_DUP_FIELD, 6",
        "80000b0408000f00, OFPBMC_BAD_MASK, 0",
        "8000060600000000000100, OFPBMC_BAD_LEN, 4",
        "80001002ffff, OFPBMC_BAD_FIELD, 0",
        "8000ff0100, OFPBMC_BAD_FIELD, 0",
        "80000d020000, OFPBMC_BAD_FIELD, 0",
        "80000104ffff, OFPBMC_BAD_LEN, 4",
        "0001010800000001fffffffe, OFPBMC_BAD_WILDCARDS, 0",
        "80000c02e005, OFPBMC_BAD_VALUE, 0",
        "80000a0, OFPBMC_BAD_LEN, 0",
        "0001500400000001, NXFMFC_INVALID_TLV_FIELD, 0"
    })
    void wrongMatchesHaveTheirErrors(String hex, OpenFlowError error, int offset) {
        String whole = hex.length() % 2 == 0 ? hex : hex.substring(0, hex.length() - 1);
        OpenFlowException refused = assertThrows(OpenFlowException.class, () -> read(whole, TunnelOptions.NONE));
        assertEquals(error, refused.error(), refused.getMessage());
        if (error != OpenFlowError.OFPBMC_BAD_LEN) {
            assertEquals(offset, refused.offset(), refused.getMessage());
        }
    }

    @Test
    void tunnelOptionsCountWhereTheBridgeMapsThem() throws OpenFlowException {
        TunnelOptions options = TunnelOptions.NONE.with(0, 0xffff, 1, 4);
        FlowMatch match = read("0001500412345678", options);
        MessageWriter out = new MessageWriter();
        OxmMatch.write(out, match, null, options);
        assertEquals("0001500412345678", HexFormat.of().formatHex(out.toByteArray()));
    }

    /** Cut at every length: an error, and nothing else. */
    @Test
    void aMatchThatIsCutIsRefused() throws OpenFlowException {
        String hex = "80000a0208008000140106" + "80001a020050" + "000101080000000100000001";
        for (int length = 0; length < hex.length() / 2; length++) {
            String cut = hex.substring(0, 2 * length);
            try {
                read(cut, TunnelOptions.NONE);
                assertTrue(length == 0 || length == 6 || length == 11 || length == 17, cut);
            } catch (OpenFlowException e) {
                assertEquals(OpenFlowError.OFPBMC_BAD_LEN, e.error(), cut);
            }
        }
    }
}
