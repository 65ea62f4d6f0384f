package io.jvswitch.openflow.message.port;

import io.jvswitch.openflow.layout.Layout;

/**
 * What an Ethernet link can and does: bits, whose meaning differs between OpenFlow 1.0 and later, and speeds in kbit/s,
 * which 1.0 has not.
 */
public record EthernetLink(
        long current, long advertised, long supported, long peer, long currentSpeedKbps, long maxSpeedKbps) {

    /** Nothing is known. */
    public static final EthernetLink UNKNOWN = new EthernetLink(0, 0, 0, 0, 0, 0);

    static final Layout<EthernetLink> LAYOUT = Layout.of(
            EthernetLink.class,
            f -> f.u32("current")
                    .u32("advertised")
                    .u32("supported")
                    .u32("peer")
                    .in("1.1+", g -> g.u32("currentSpeedKbps").u32("maxSpeedKbps")));
}
