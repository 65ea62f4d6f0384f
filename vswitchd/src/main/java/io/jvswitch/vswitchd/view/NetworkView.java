package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network.
 *
 * @param name its name
 * @param tunnel {@code vxlan}, {@code gre} or {@code none}
 * @param vni VNI or GRE key, or null without one
 * @param mtuBytes MTU of its guests (an IP packet's largest size), computed or configured
 * @param tunnelMtuBytes largest IP packet that crosses every tunnel of it in one piece now: less than {@code mtuBytes}
 *     while a path takes less, or where a tunnel takes less than IPv6 needs; 0 without a tunnel
 * @param tos DSCP of its tunnel's outer headers: {@code inherit}, or the octet, as {@code 0xb8}
 * @param ecn {@code normal} or {@code compatibility}: whether the outer headers' ECN field is the packet's
 * @param learning whether MAC addresses are learned from tunnel frames
 * @param allowUnknownVteps whether frames from any VTEP are taken
 * @param arpResponder whether ARP and ND are answered locally
 * @param remotes the flood list
 * @param subnets its subnets
 * @param ports names of its ports
 * @param hosts number of remote hosts known by configuration or command
 * @param macs MAC addresses in its table now, learned ones and others
 * @param macLimit most MAC addresses that may be learned
 * @param macMoves how often a learned address moved to another place
 * @param macEvictions how often a learned address made room for another
 * @param leases DHCP leases that are valid now
 */
public record NetworkView(
        String name,
        String tunnel,
        @Nullable Long vni,
        int mtuBytes,
        int tunnelMtuBytes,
        String tos,
        String ecn,
        boolean learning,
        boolean allowUnknownVteps,
        boolean arpResponder,
        List<IpAddress> remotes,
        List<SubnetView> subnets,
        List<String> ports,
        int hosts,
        int macs,
        int macLimit,
        long macMoves,
        long macEvictions,
        int leases) {

    public NetworkView {
        remotes = List.copyOf(remotes);
        subnets = List.copyOf(subnets);
        ports = List.copyOf(ports);
    }

    /**
     * A subnet.
     *
     * @param cidr as {@code 10.0.0.0/24}
     * @param gateway default router, or null
     * @param dhcpServer address of the DHCP responder, or null without one
     * @param pools as {@code 10.0.0.100-10.0.0.199}
     * @param poolSize addresses in the pools
     * @param poolFree addresses of the pools without a lease
     */
    public record SubnetView(
            String cidr,
            @Nullable IpAddress gateway,
            @Nullable IpAddress dhcpServer,
            List<String> pools,
            long poolSize,
            long poolFree) {

        public SubnetView {
            pools = List.copyOf(pools);
        }
    }
}
