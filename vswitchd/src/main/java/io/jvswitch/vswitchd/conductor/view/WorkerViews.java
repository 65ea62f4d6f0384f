package io.jvswitch.vswitchd.conductor.view;

import com.sun.management.ThreadMXBean;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.worker.CycleTimes;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.vswitchd.view.StatsView;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What a worker says about itself, and the JVM about all of them. */
final class WorkerViews {

    /** The JVM's own interface is one of this kind on every JDK that is built from OpenJDK's sources. */
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private WorkerViews() {}

    static StatsView.WorkerView of(WorkerProxy worker) {
        FlowTable<Verdict> flows = worker.flows();
        CycleTimes.Reading times = worker.times().read();
        return new StatsView.WorkerView(
                worker.number(),
                times.loops(),
                times.busyNs(),
                times.idleNs(),
                times.p50Ns(),
                times.p99Ns(),
                times.maxNs(),
                flows.cacheHits() + flows.megaflowHits() + flows.misses(),
                flows.cacheHits(),
                flows.megaflowHits(),
                flows.misses(),
                flows.size(),
                flows.capacity(),
                flows.evictions(),
                worker.freeFrames(),
                worker.poolFrames(),
                allocatedBytes(worker.threadId()));
    }

    /** 0 for a thread that does not run yet, or no more. */
    private static long allocatedBytes(long threadId) {
        return threadId == 0 ? 0 : Math.max(0, THREADS.getThreadAllocatedBytes(threadId));
    }

    static StatsView.JvmView jvm() {
        long collections = 0;
        long collectionMs = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += Math.max(0, collector.getCollectionCount());
            collectionMs += Math.max(0, collector.getCollectionTime());
        }
        return new StatsView.JvmView(
                Math.max(0, THREADS.getTotalThreadAllocatedBytes()),
                collections,
                TimeUnit.MILLISECONDS.toNanos(collectionMs));
    }
}
