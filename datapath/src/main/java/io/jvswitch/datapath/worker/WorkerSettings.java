package io.jvswitch.datapath.worker;

import io.jvswitch.wire.FramePool;

/**
 * Sizes and times of a worker.
 *
 * @param poolFrames frames that it can hold at once
 * @param bufferBytes size of each frame's buffer, headroom included
 * @param maxFlows most megaflows
 * @param cacheEntries size of the exact-match cache
 * @param flowIdleNs a megaflow without a frame for so long is removed
 */
public record WorkerSettings(int poolFrames, int bufferBytes, int maxFlows, int cacheEntries, long flowIdleNs) {

    /** What a hypervisor wants: Open vSwitch's 200,000 flows and 10 s, room for superframes. */
    public static WorkerSettings standard() {
        return of(2_048, 200_000, 10_000_000_000L);
    }

    /**
     * Room for superframes, and two places of the cache for each flow, so that established flows find a place however
     * many they are.
     */
    public static WorkerSettings of(int poolFrames, int maxFlows, long flowIdleNs) {
        return new WorkerSettings(poolFrames, FramePool.SUPERFRAME_BUFFER_BYTES, maxFlows, 2 * maxFlows, flowIdleNs);
    }
}
