package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.CycleTimes;
import io.jvswitch.datapath.Verdict;
import io.jvswitch.datapath.Worker;
import io.jvswitch.flowtable.FlowTable;
import io.jvswitch.vswitchd.view.StatsView;

/** What a worker says about itself. */
final class WorkerViews {

    private WorkerViews() {}

    static StatsView.WorkerView of(Worker worker) {
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
                worker.poolFrames());
    }
}
