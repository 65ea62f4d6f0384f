package io.jvswitch.vswitchd.view;

import org.jspecify.annotations.Nullable;

/**
 * A megaflow.
 *
 * @param worker the worker that holds it
 * @param port name of the port that its frames come in by, {@code underlay} for tunnels
 * @param network name of the network, or null for flows that drop before a network is known
 * @param match the fields that it matches on, as {@code eth_dst=…,vlan=…}; what is not named is wildcarded
 * @param actions what is done with its frames
 * @param frames frames that hit it
 * @param bytes their bytes
 * @param idleMs milliseconds since the last hit
 */
public record FlowView(
        int worker,
        String port,
        @Nullable String network,
        String match,
        String actions,
        long frames,
        long bytes,
        long idleMs) {}
