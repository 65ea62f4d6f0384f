package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.normal.PortBinding;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.VlanRange;
import io.jvswitch.vswitchd.view.MaySendView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a port shows that follows from its specification alone, in the words of the output.
 *
 * @param spec the specification
 * @param kind what it is made of
 * @param network of untagged frames, or null
 * @param vlans further networks by tag
 * @param trunks VLANs that its guest may tag
 * @param maySend null for a port that is not bound
 * @param stormControl null for any number of frames
 */
record PortDescription(
        PortSpec spec,
        String kind,
        @Nullable String network,
        Map<Integer, String> vlans,
        List<String> trunks,
        @Nullable MaySendView maySend,
        @Nullable Integer stormControl) {

    static PortDescription of(PortSpec spec) {
        return new PortDescription(
                spec,
                spec.kind().label(),
                spec.network().isEmpty() ? null : spec.network(),
                Collections.unmodifiableMap(spec.taggedNetworks()),
                spec.vlans().trunks().stream().map(VlanRange::toString).toList(),
                maySend(spec),
                spec.stormControl() == 0 ? null : spec.stormControl());
    }

    private static @Nullable MaySendView maySend(PortSpec spec) {
        if (spec.mac() == null) {
            return null;
        }
        List<String> claims = new ArrayList<>();
        spec.ips().forEach(ip -> claims.add(ip.toString()));
        spec.guard().allowedIps().forEach(all -> claims.add(all.toString()));
        if (!claims.isEmpty()) {
            claims.add(PortBinding.linkLocal(spec.mac().bits()).toString());
        }
        boolean routes = spec.guard().routes();
        return new MaySendView(
                routes ? List.of() : claims, claims, routes, spec.guard().dhcpServer(), spec.dhcpRelay());
    }
}
