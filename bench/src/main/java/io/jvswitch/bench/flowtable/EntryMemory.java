package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.megaflow.FlowTable;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What an entry costs all in: the growth of the heap by a full table, after a collection of garbage. */
public final class EntryMemory {

    private EntryMemory() {}

    /**
     * Bytes of heap for each megaflow of TCP over IPv4, the hash table, the roster and two places of the exact-match
     * cache for each included; the actions, which all flows share here, not.
     *
     * @param flows flows in the table
     */
    public static double bytesAnEntry(int flows) {
        TcpFlows traffic = new TcpFlows(flows);
        long before = usedBytes();
        FlowTable<String> table = traffic.table(2 * flows);
        long after = usedBytes();
        if (table.size() != flows) {
            throw new IllegalStateException("the table holds " + table.size() + " of " + flows);
        }
        return (double) (after - before) / flows;
    }

    private static long usedBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        // One collection may leave what became garbage during it.
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
