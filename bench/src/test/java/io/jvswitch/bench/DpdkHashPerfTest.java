package io.jvswitch.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class DpdkHashPerfTest {

    /** Lines as dpdk-test 22.11 prints them. */
    @Test
    void theLineOfOurKeySizeIsRead() {
        assertNull(
                DpdkHashPerf.parse("Keysize           Add               Lookup            Lookup_bulk       Delete"));
        assertNull(DpdkHashPerf.parse("32                229               435               176               577"));
        assertNull(DpdkHashPerf.parse("Measuring performance, please wait...."));
        assertEquals(
                new DpdkHashPerf.Cycles(156, 581, 118, 832),
                DpdkHashPerf.parse("48                156               581               118               832   "));
    }
}
