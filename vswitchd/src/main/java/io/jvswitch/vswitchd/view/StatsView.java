package io.jvswitch.vswitchd.view;

import java.util.List;

/**
 * Counters in detail: each queue of each port, each worker, each network's DHCP server, the JVM.
 *
 * @param queues one entry a worker's queue of a port; the underlay's port is called {@code underlay}
 * @param workers one entry a worker
 * @param dhcp one entry an event of a network's DHCP server, also of those that never happened
 * @param jvm what the JVM counts for the whole daemon
 */
public record StatsView(List<QueueView> queues, List<WorkerView> workers, List<DhcpView> dhcp, JvmView jvm) {

    public StatsView {
        queues = List.copyOf(queues);
        workers = List.copyOf(workers);
        dhcp = List.copyOf(dhcp);
    }

    /**
     * A worker's queue of a port.
     *
     * @param port name of the port
     * @param worker the worker that owns the queue
     * @param queue number of the queue at the device
     * @param traffic what crossed it
     */
    public record QueueView(String port, int worker, int queue, TrafficView traffic) {}

    /**
     * Something that a network's DHCP server counts.
     *
     * @param network name of the network
     * @param event what happened, as {@code rx-discover}
     * @param count how often, since the server was started
     * @param meaning what is counted
     */
    public record DhcpView(String network, String event, long count, String meaning) {}

    /**
     * A worker.
     *
     * @param worker its number
     * @param loops rounds of its duty cycle
     * @param busyNs time in rounds that found work
     * @param idleNs time spinning and blocked without work
     * @param loopP50Ns median length of a round with work; 0 when not measured
     * @param loopP99Ns 99th percentile
     * @param loopMaxNs longest
     * @param frames frames taken from ports
     * @param exactHits frames that the exact-match cache answered
     * @param megaflowHits frames that a megaflow answered
     * @param misses frames that were translated
     * @param flows megaflows installed now
     * @param flowLimit most megaflows
     * @param flowEvictions megaflows removed to make room
     * @param poolFree frame buffers free now
     * @param poolSize frame buffers
     * @param allocatedBytes heap that the worker's thread has allocated; stands still while flows are known
     */
    public record WorkerView(
            int worker,
            long loops,
            long busyNs,
            long idleNs,
            long loopP50Ns,
            long loopP99Ns,
            long loopMaxNs,
            long frames,
            long exactHits,
            long megaflowHits,
            long misses,
            long flows,
            long flowLimit,
            long flowEvictions,
            int poolFree,
            int poolSize,
            long allocatedBytes) {}

    /**
     * The JVM since its start.
     *
     * @param allocatedBytes heap that all threads have allocated, those of the control plane too
     * @param collections garbage collections, the concurrent collector's pauses included
     * @param collectionNs what they took, to a millisecond
     */
    public record JvmView(long allocatedBytes, long collections, long collectionNs) {}
}
