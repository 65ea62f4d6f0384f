package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import java.util.Collection;

/**
 * Ages the MAC tables, a slice at a time. A MAC whose flows see traffic is not silent, though no frame of it reaches
 * translation: workers credit it with what its flows count. The conductor's.
 */
final class MacAgeing {

    private static final int AGEING_BUDGET = 65_536;

    private MacAgeing() {}

    /** Once a second. */
    static void tick(Collection<NetworkRuntime> networks, long nowNs, long maxAgeNs) {
        networks.forEach(network -> network.fdb().expire(nowNs, maxAgeNs, AGEING_BUDGET));
    }
}
