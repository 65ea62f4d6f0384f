package io.jvswitch.vswitchd.conductor;

import io.jvswitch.vswitchd.api.BridgeControl;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.view.BridgeView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The way to the conductor for whoever keeps the bridges' configuration. */
final class ConductorBridges implements BridgeControl {

    private final Conductor conductor;
    private final SwitchState state;

    ConductorBridges(Conductor conductor, SwitchState state) {
        this.conductor = conductor;
        this.state = state;
    }

    @Override
    public CompletableFuture<List<BridgeView>> become(List<BridgeSpec> bridges) {
        return conductor
                .begin(_ -> state.become(spec -> spec.withBridges(bridges)))
                .thenCompose(SwitchState.Applied::done)
                .thenCompose(_ -> conductor.begin(_ -> adopted()));
    }

    /** As they are now, when all workers have them. */
    private CompletableFuture<List<BridgeView>> adopted() {
        state.publishIfChanged();
        List<BridgeView> views = state.bridges().views();
        CompletableFuture<List<BridgeView>> adopted = new CompletableFuture<>();
        state.workers().barrier(() -> adopted.complete(views));
        return adopted;
    }

    @Override
    public CompletableFuture<List<BridgeView>> views() {
        return conductor.call(_ -> state.bridges().views());
    }

    @Override
    public void whenViewsChange(Runnable listener) {
        state.bridges().whenStatusChanges(listener);
    }
}
