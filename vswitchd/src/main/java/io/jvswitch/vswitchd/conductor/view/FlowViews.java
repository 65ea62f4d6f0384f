package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.megaflow.Flow;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.view.FlowView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The megaflows of all workers. The conductor's thread. */
public final class FlowViews {

    private FlowViews() {}

    /** Every megaflow, or those of one port. */
    public static List<FlowView> of(
            SwitchState state, Map<String, Integer> portNumbers, @Nullable String port, long nowNs) {
        Map<Integer, String> names = new HashMap<>();
        portNumbers.forEach((name, number) -> names.put(number, name));
        Map<Integer, String> networks = new HashMap<>();
        state.networks()
                .forEach(network -> networks.put(network.id(), network.spec().name()));
        List<FlowView> views = new ArrayList<>();
        FlowKey key = new FlowKey();
        for (WorkerProxy worker : state.workers().all()) {
            worker.flows().forEach(flow -> {
                flow.copyKeyTo(key);
                String inPort = names.getOrDefault((int) key.get(FlowField.IN_PORT), "gone");
                if (port == null || port.equals(inPort)) {
                    views.add(view(worker, inPort, networks, flow, nowNs));
                }
            });
        }
        return views;
    }

    private static FlowView view(
            WorkerProxy worker, String inPort, Map<Integer, String> networks, Flow<Verdict> flow, long nowNs) {
        Verdict verdict = flow.actions();
        return new FlowView(
                worker.number(),
                inPort,
                networks.get(verdict.network()),
                flow.match(),
                verdict.toString(),
                flow.frames(),
                flow.bytes(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, nowNs - flow.lastUsedNs())));
    }
}
