package io.jvswitch.datapath.normal;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.mac.Fdb;
import java.util.List;
import java.util.Set;
import org.agrona.collections.Hashing;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/**
 * One layer-2 network of a snapshot: its ports, its tunnel, who lives where.
 *
 * <p>Immutable but for {@link #fdb()}, which lives as long as the network, is written by the conductor only and read by
 * every worker.
 *
 * @param id stays the network's while the switch runs
 * @param name of the network
 * @param tunnel how it leaves the host, null when it does not
 * @param tunnelId VXLAN VNI or GRE key
 * @param keyed whether GRE carries the key
 * @param ports numbers of its local ports
 * @param floodVteps numbers of the tunnel ports of VTEPs that get a copy of what is flooded
 * @param knownVteps numbers of the tunnel ports of VTEPs that it accepts frames from: flood list and hosts
 * @param allowUnknownVteps whether frames from any VTEP are accepted
 * @param learning whether MACs are learnt from tunnel frames
 * @param stations static MAC to location: hosts, and bound ports that carry frames; {@link Locations#NONE} for any
 *     other
 * @param neighbours what the ARP and ND responders answer for
 * @param serviceMacs MACs of the switch's own services in this network (DHCP servers)
 * @param dhcp whether it has a DHCP server
 * @param tos traffic class of its tunnel's outer headers
 * @param mtuBytes largest IP packet that its guests may send; a tunnel's path may take less for a while, or for good
 *     where that would be less than IPv6 needs
 * @param fdb learnt MACs
 * @param roles what is known of stations' roles, by MAC: a {@link StationRole#code}
 * @param options what it does beside forwarding
 */
public record Network(
        int id,
        String name,
        @Nullable TunnelKind tunnel,
        long tunnelId,
        boolean keyed,
        List<Integer> ports,
        List<Integer> floodVteps,
        Set<Integer> knownVteps,
        boolean allowUnknownVteps,
        boolean learning,
        StationTable stations,
        NeighbourTable neighbours,
        Set<Long> serviceMacs,
        boolean dhcp,
        OuterTos tos,
        int mtuBytes,
        Fdb fdb,
        StationTable roles,
        NetworkOptions options) {

    /** Of a network without a tunnel: no limit. */
    private static final int MAX_MTU_BYTES = 65_535;

    public Network {
        ports = List.copyOf(ports);
        floodVteps = List.copyOf(floodVteps);
        // asked for every frame that is new: a set of objects would box each question
        IntHashSet vteps = new IntHashSet(2 * knownVteps.size() + 8, Hashing.DEFAULT_LOAD_FACTOR, false);
        vteps.addAll(knownVteps);
        knownVteps = vteps;
        LongHashSet macs = new LongHashSet(2 * serviceMacs.size() + 8, Hashing.DEFAULT_LOAD_FACTOR, false);
        macs.addAll(serviceMacs);
        serviceMacs = macs;
    }

    /**
     * A bridge without anything but its ports: the one network of a {@link NormalBridge} that is an Open vSwitch
     * bridge.
     *
     * @param fdb learnt MACs, in all VLANs
     */
    public static Network ofBridge(int id, String name, List<Integer> ports, Fdb fdb, NetworkOptions options) {
        return new Network(
                id,
                name,
                null,
                0,
                false,
                ports,
                List.of(),
                Set.of(),
                false,
                true,
                StationTable.of(),
                NeighbourTable.of(),
                Set.of(),
                false,
                OuterTos.DEFAULT,
                MAX_MTU_BYTES,
                fdb,
                StationTable.of(),
                options);
    }

    /** Whether a VTEP is in its flood list or has a host of the network behind it. */
    boolean knowsVtep(int tunnelPort) {
        return ((IntHashSet) knownVteps).contains(tunnelPort);
    }

    /** Whether a MAC is one of the switch's own here. */
    boolean isServiceMac(long mac) {
        return ((LongHashSet) serviceMacs).contains(mac);
    }

    /** What is known of a station's role. */
    StationRole role(long mac) {
        return StationRole.of(roles.get(mac));
    }

    /** Where a MAC lives by configuration, or {@link Locations#NONE}. */
    int station(long mac) {
        return stations.get(mac);
    }
}
