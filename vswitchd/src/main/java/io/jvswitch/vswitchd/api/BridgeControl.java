package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.view.BridgeView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The bridges of a running switch: what they shall be, and what became of it.
 *
 * <p>Any thread may call; no method blocks. Futures complete on a thread of the switch's that must not wait: whoever has
 * more to do goes on elsewhere. Changes are carried out in the order of the calls, while frames flow.
 */
public interface BridgeControl {

    /**
     * The switch's bridges become these. Those that did not change are not touched.
     *
     * @return what they are when every frame received from then on is treated accordingly: devices that are no longer
     *     needed have been closed, those that are new have been opened, or could not be, which their interfaces then
     *     say
     */
    CompletableFuture<List<BridgeView>> become(List<BridgeSpec> bridges);

    /** What they are now. */
    CompletableFuture<List<BridgeView>> views();

    /**
     * Has somebody told when {@link #views} may say something else than before.
     *
     * @param listener called by the switch's own thread, and must return at once
     */
    void whenViewsChange(Runnable listener);
}
