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
                allocated <= (long) LIMIT_BYTES * FLOWS,
                "allocated " + (double) allocated / FLOWS + " bytes a flow, the limit is " + LIMIT_BYTES);
    }
}
