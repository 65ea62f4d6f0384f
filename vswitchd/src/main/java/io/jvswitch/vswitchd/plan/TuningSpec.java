package io.jvswitch.vswitchd.plan;

import io.jvswitch.datapath.worker.NettyReactor;
import java.time.Duration;

/**
 * Sizes and times that few need to touch.
 *
 * @param poolFrames frame buffers of each worker
 * @param maxFlows megaflows that each worker keeps at most
 * @param flowIdle a megaflow without traffic for this long is removed
 * @param macAge a learned MAC address that is silent for this long is forgotten
 * @param macTableSize learned MAC addresses of each network at most
 * @param spin how long a worker without traffic polls before it blocks
 * @param reactor what a worker blocks in
 */
public record TuningSpec(
        int poolFrames,
        int maxFlows,
        Duration flowIdle,
        Duration macAge,
        int macTableSize,
        Duration spin,
        NettyReactor.Kind reactor) {

    /** What a configuration that says nothing gets. */
    public static final TuningSpec DEFAULT = new TuningSpec(
            1024,
            200_000,
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            8192,
            Duration.ofNanos(1_000),
            NettyReactor.Kind.EPOLL);
}
