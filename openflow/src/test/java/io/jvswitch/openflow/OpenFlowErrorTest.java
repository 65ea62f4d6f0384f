package io.jvswitch.openflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.openflow.OpenFlowError.ErrorNumber;
import org.junit.jupiter.api.Test;

final class OpenFlowErrorTest {

    /** OpenFlow 1.5.1, section 7.5.4.4, and what earlier versions and Nicira have instead. */
    @Test
    void anErrorHasItsNumberInEveryVersion() {
        assertEquals(new ErrorNumber(0, 4, 9), OpenFlowError.OFPBMC_BAD_PREREQ.number(OpenFlowVersion.V1_2));
        assertEquals(new ErrorNumber(0, 4, 9), OpenFlowError.OFPBMC_BAD_PREREQ.number(OpenFlowVersion.V1_5));
        assertEquals(
                new ErrorNumber(Experimenters.NICIRA, 1, 260),
                OpenFlowError.OFPBMC_BAD_PREREQ.number(OpenFlowVersion.V1_1));
        assertEquals(
                new ErrorNumber(Experimenters.ONF, OpenFlowError.TYPE_EXPERIMENTER, 4250),
                OpenFlowError.OFPBAC_BAD_SET_MASK.number(OpenFlowVersion.V1_4));
        assertNull(OpenFlowError.OFPBAC_BAD_SET_MASK.number(OpenFlowVersion.V1_2));
        assertEquals(
                new ErrorNumber(Experimenters.NICIRA, OpenFlowError.TYPE_EXPERIMENTER, 15),
                OpenFlowError.NXBAC_BAD_CONJUNCTION.number(OpenFlowVersion.V1_3));
    }

    /** A number leads back to the error, but where one number of an early version has two meanings later. */
    @Test
    void aNumberIsOneError() {
        for (OpenFlowVersion version : OpenFlowVersion.values()) {
            for (OpenFlowError error : OpenFlowError.values()) {
                ErrorNumber number = error.number(version);
                if (number != null) {
                    OpenFlowError expected = switch (error) {
                        case OFPBRC_IS_SECONDARY ->
                            version.isAtLeast(OpenFlowVersion.V1_2) ? error : OpenFlowError.OFPBRC_EPERM;
                        case OFPBIC_BAD_EXP_TYPE ->
                            version == OpenFlowVersion.V1_1 ? OpenFlowError.OFPBIC_BAD_EXPERIMENTER : error;
                        default -> error;
                    };
                    assertEquals(expected, OpenFlowError.of(version, number), () -> version + " " + number);
                }
            }
        }
    }
}
