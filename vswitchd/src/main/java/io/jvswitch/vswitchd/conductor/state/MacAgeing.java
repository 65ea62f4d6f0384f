package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import java.util.Collection;

/** Ages the MAC tables, a slice at a time. The conductor's. */
final class MacAgeing {

    private static final int AGEING_BUDGET = 65_536;

    private final Workers workers;

    MacAgeing(Workers workers) {
        this.workers = workers;
    }

    /** Once a second. */
    void tick(Collection<NetworkRuntime> networks, long nowNs, long maxAgeNs) {
        keepFresh();
        networks.forEach(network -> network.fdb().expire(nowNs, maxAgeNs, AGEING_BUDGET));
    }

    /** A MAC whose flows see traffic is not silent, though no frame of it reaches translation. */
    private void keepFresh() {
        for (WorkerProxy worker : workers.all()) {
            worker.flows().forEach(MacAgeing::touchSource);
        }
    }

    private static void touchSource(Flow<Verdict> flow) {
        Verdict.Source source = flow.actions().source();
        if (source != null && source.fdb().lookup(source.mac(), source.vlan()) == source.location()) {
            source.fdb().touch(source.mac(), source.vlan(), flow.lastUsedNs());
        }
    }
}
