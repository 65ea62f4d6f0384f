package io.jvswitch.flowtable.megaflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The limit that the package's Javadoc states: an IPv4 TCP megaflow takes at most 256 bytes all in. */
class FlowTableMemoryTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LIMIT_BYTES = 256;
    /** What the daemon's heap is reckoned with for the longest key. */
    private static final int LONGEST_LIMIT_BYTES = 384;

    private static final int FLOWS = 200_000;

    /** Counts what is allocated, so what splits leave behind as garbage is counted too: the truth is less. */
    @Test
    void anIpv4TcpMegaflowTakesNoMoreThanStated() {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, 1);
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_PROTO, 6);
        FlowMask mask = new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.RECIRC_ID)
                .exact(FlowField.ETH_SRC)
                .exact(FlowField.ETH_DST)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.VLAN_TCI)
                .exact(FlowField.IP_SRC)
                .exact(FlowField.IP_DST)
                .exact(FlowField.IP_PROTO)
                .exact(FlowField.L4_SRC)
                .exact(FlowField.L4_DST);
        assertAtMost(LIMIT_BYTES, key, mask);
    }

    /** Beyond the limit of masks a flow looks at everything; it keeps no words that its frames do not have. */
    @Test
    void aMegaflowThatLooksAtEverythingTakesNoMoreThanItsFramesHave() {
        FlowMask everything = new FlowMask();
        for (FlowField field : FlowField.values()) {
            if (field.region() == FlowField.Region.FRAME) {
                everything.exact(field);
            }
        }
        FlowKey tcp = new FlowKey();
        tcp.set(FlowField.ETH_TYPE, 0x86dd);
        tcp.set(FlowField.IP_DST, 1, 2);
        tcp.set(FlowField.TCP_FLAGS, 2);
        assertAtMost(LONGEST_LIMIT_BYTES, tcp, everything);
        FlowKey nsh = new FlowKey();
        nsh.set(FlowField.ETH_TYPE, 0x894f);
        nsh.set(FlowField.NSH_C4, 1);
        assertAtMost(LONGEST_LIMIT_BYTES, nsh, everything);
    }

    private static void assertAtMost(int limitBytes, FlowKey key, FlowMask mask) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        FlowTable<String> table = new FlowTable<>(FLOWS, 2 * FLOWS);
        for (int i = 0; i < FLOWS; i++) {
            key.set(FlowField.IP_SRC, 0xffff_0b00_0000L + i / 16);
            key.set(FlowField.L4_SRC, 1024 + i % 16);
            table.insert(key, mask, "output", 1, 0);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertEquals(FLOWS, table.size());
        assertTrue(
                allocated <= (long) limitBytes * FLOWS,
                "allocated " + (double) allocated / FLOWS + " bytes a flow, the limit is " + limitBytes);
    }
}
