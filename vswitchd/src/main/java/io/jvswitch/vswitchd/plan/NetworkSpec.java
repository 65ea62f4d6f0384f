package io.jvswitch.vswitchd.plan;

import io.jvswitch.encap.OuterTos;
import io.jvswitch.wire.IpAddress;
import java.util.List;

/**
 * A network: one layer-2 broadcast domain, with its tunnel and what jvswitch answers in it.
 *
 * @param name its key in the configuration
 * @param tunnel how its frames travel between hosts
 * @param vni VXLAN's VNI (24 bits) or the GRE key (32 bits); {@link #NO_VNI} for a keyless GRE tunnel and without a
 *     tunnel
 * @param remotes VTEPs that get a copy of each flooded frame
 * @param learning whether MAC addresses are learned from tunnel frames; what ports send is learned in any case
 * @param allowUnknownVteps whether frames from VTEPs that are neither a remote nor a host's are taken
 * @param mtuBytes MTU of the guests, or 0 to compute it from the underlay's
 * @param tos traffic class of the tunnel's outer headers
 * @param arpResponder whether ARP and neighbour solicitations for known hosts are answered locally
 * @param subnets IP subnets with DHCP
 * @param hosts who lives behind which VTEP
 */
public record NetworkSpec(
        String name,
        NetworkTunnel tunnel,
        long vni,
        List<IpAddress> remotes,
        boolean learning,
        boolean allowUnknownVteps,
        int mtuBytes,
        OuterTos tos,
        boolean arpResponder,
        List<SubnetSpec> subnets,
        List<HostSpec> hosts) {

    /** {@link #vni()}: there is none. */
    public static final long NO_VNI = -1;

    public NetworkSpec {
        remotes = List.copyOf(remotes);
        subnets = List.copyOf(subnets);
        hosts = List.copyOf(hosts);
    }

    /** Whether the network has a VNI or a GRE key. */
    public boolean hasVni() {
        return vni != NO_VNI;
    }

    /** The same network with another flood list. */
    public NetworkSpec withRemotes(List<IpAddress> newRemotes) {
        return new NetworkSpec(
                name,
                tunnel,
                vni,
                newRemotes,
                learning,
                allowUnknownVteps,
                mtuBytes,
                tos,
                arpResponder,
                subnets,
                hosts);
    }

    /** The same network with other hosts. */
    public NetworkSpec withHosts(List<HostSpec> newHosts) {
        return new NetworkSpec(
                name,
                tunnel,
                vni,
                remotes,
                learning,
                allowUnknownVteps,
                mtuBytes,
                tos,
                arpResponder,
                subnets,
                newHosts);
    }
}
