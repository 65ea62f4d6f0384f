package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.TunnelKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SuperframeSizeTest {

    @ParameterizedTest
    @CsvSource({"1450,61912", "1430,62410", "8950,62686"})
    void leavesRoomForOneTrain(int mtuBytes, int expectedBytes) {
        assertEquals(expectedBytes, SuperframeSize.forOneTrain(TunnelKind.VXLAN, mtuBytes));
    }

    /** Both ends of what kernels take off for headers; IPv4 and IPv6, with and without timestamps. */
    @ParameterizedTest
    @ValueSource(ints = {1280, 1400, 1430, 1450, 1454, 2000, 4000, 8950, 8972, 9166})
    void makesNoSecondTrain(int mtuBytes) {
        int most = SuperframeSize.forOneTrain(TunnelKind.VXLAN, mtuBytes);
        int datagramBytes = mtuBytes + 14 + 8;
        for (int linuxHeaderBytes : new int[] {209, 321}) {
            for (int headerBytes : new int[] {40, 52, 60, 72}) {
                int segments = (most - linuxHeaderBytes) / (mtuBytes - headerBytes);
                assertTrue(
                        segments <= Segmenter.MAX_TRAIN_DATAGRAMS
                                && segments * datagramBytes <= Segmenter.MAX_TRAIN_BYTES,
                        segments + " segments with headers of " + headerBytes);
                if (headerBytes == 52) {
                    assertEquals(Math.min(64, Segmenter.MAX_TRAIN_BYTES / datagramBytes), segments);
                }
            }
        }
    }

    @Test
    void tinyMtusAreLeftAlone() {
        assertEquals(SuperframeSize.LINUX_DEFAULT_BYTES, SuperframeSize.forOneTrain(TunnelKind.VXLAN, 68));
    }
}
