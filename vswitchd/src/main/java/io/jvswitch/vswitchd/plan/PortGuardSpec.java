package io.jvswitch.vswitchd.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bound port may send beyond its own addresses.
 *
 * @param allowedIps further addresses that it may send from
 * @param router whether its guest routes: sends from any address, router advertisements and redirects; null when that
 *     is not said
 * @param dhcpServer whether its guest may answer DHCP
 */
public record PortGuardSpec(
        List<IpPrefix> allowedIps, @Nullable Boolean router, boolean dhcpServer) {

    /** Its own addresses and nothing else. */
    public static final PortGuardSpec NONE = new PortGuardSpec(List.of(), null, false);

    public PortGuardSpec {
        allowedIps = List.copyOf(allowedIps);
    }

    /** Whether its guest is said to route. */
    public boolean routes() {
        return Boolean.TRUE.equals(router);
    }
}
