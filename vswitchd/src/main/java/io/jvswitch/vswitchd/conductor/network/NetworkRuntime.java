package io.jvswitch.vswitchd.conductor.network;

import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.mtu.PathMtuError;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A network while it runs: its specification, its MAC table, its DHCP service. The conductor's. */
public final class NetworkRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkRuntime.class);
    private final int id;
    private final Fdb fdb;
    private final DhcpService dhcp;
    private final NetworkTables tables;
    private NetworkSpec spec;
    /** As the workers last got it, null before that. */
    private @Nullable Network published;

    /** Its ports that carry frames. */
    private final Set<Integer> ports = new HashSet<>();
    /** What stations said of themselves, by MAC. */
    private final Map<Long, StationRole> roles = new HashMap<>();

    /** Of whom the workers do not have it yet. */
    private final Set<Long> newRoles = new HashSet<>();

    /** What the log has said that the tunnels take, where it is less than IPv6 needs; 0 where it is not. */
    private int tightMtuBytes;

    public NetworkRuntime(int id, NetworkSpec spec, int macTableSize, DhcpService dhcp, NetworkTables tables) {
        this.id = id;
        this.spec = spec;
        this.fdb = new Fdb(macTableSize);
        this.dhcp = dhcp;
        this.tables = tables;
    }

    public int id() {
        return id;
    }

    public NetworkSpec spec() {
        return spec;
    }

    /** Becomes what a specification says, also for the first time. */
    public void become(NetworkSpec newSpec) {
        spec = newSpec;
        tables.become(newSpec);
    }

    /** Who is where in it. */
    public NetworkTables tables() {
        return tables;
    }

    public Fdb fdb() {
        return fdb;
    }

    /**
     * The workers get the network like this now. What was learnt of places that no longer belong to it is forgotten, so
     * that a port that went to another network, or a VTEP that was taken out, gets none of its frames.
     *
     * @param touched numbers of the ports that have come, gone or changed since the last time
     */
    @SuppressWarnings("ReferenceEquality") // what has not changed is the same object, however large
    public void follow(NormalBridge bridge, Collection<Integer> touched) {
        Network network = Objects.requireNonNull(bridge.network(id));
        Network before = published;
        published = network;
        List<Integer> left = new ArrayList<>();
        for (int number : touched) {
            NetworkPort port = bridge.port(number);
            if (port != null && port.attached() && port.isIn(id)) {
                ports.add(number);
            } else if (ports.remove(number)) {
                left.add(number);
            }
        }
        if (before == null) {
            return;
        }
        if (before.stations() != network.stations()) {
            roles.keySet().removeIf(mac -> !isStation(network, mac));
        }
        if (before.tunnel() != network.tunnel()
                || before.tunnelId() != network.tunnelId()
                || before.keyed() != network.keyed()) {
            forget(location -> Locations.isTunnel(location) || !reaches(location));
        } else if (before.knownVteps() != network.knownVteps()
                        && !network.knownVteps().containsAll(before.knownVteps())
                || before.allowUnknownVteps() && !network.allowUnknownVteps()
                || before.learning() && !network.learning()) {
            forget(location -> !reaches(location));
        } else {
            left.forEach(fdb::removeLocation);
        }
    }

    private void forget(IntPredicate gone) {
        Set<Integer> locations = new HashSet<>();
        fdb.forEach((mac, vlan, location, lastSeenNs, isStatic) -> {
            if (gone.test(location)) {
                locations.add(location);
            }
        });
        locations.forEach(fdb::removeLocation);
    }

    /**
     * A port has gone down or away: at once, as frames for whoever was behind it have to be flooded until they are
     * heard again.
     */
    public void portLeft(int number) {
        ports.remove(number);
        fdb.removeLocation(number);
    }

    /**
     * The guest of that address is at a port now: what was learnt of it elsewhere must not come back when the port
     * goes.
     */
    public void stationCame(long mac) {
        fdb.removeAddress(mac);
    }

    /** Whether an address may be learnt at a location; where configuration knows better, nothing is. */
    public boolean mayLearn(long mac, int location) {
        Network network = published;
        return network != null && network.stations().get(mac) == Locations.NONE && reaches(location);
    }

    private boolean reaches(int location) {
        Network network = published;
        if (network == null) {
            return false;
        }
        if (!Locations.isTunnel(location)) {
            return ports.contains(location);
        }
        return network.tunnel() != null
                && network.learning()
                && (network.allowUnknownVteps() || network.knownVteps().contains(location));
    }

    /** A configured station said whether it routes. The workers get it with {@link #takeRolesChanged}. */
    public void learnRole(long mac, boolean router) {
        Network network = published;
        if (network != null && isStation(network, mac)) {
            StationRole role = StationRole.learnt(router);
            if (role != roles.put(mac, role)) {
                newRoles.add(mac);
            }
        }
    }

    private static boolean isStation(Network network, long mac) {
        return network.stations().get(mac) != Locations.NONE;
    }

    /**
     * Whether stations have said something new since the last time. Once a second is often enough: nothing wrong is
     * answered meanwhile, and no station can have a snapshot made for every frame that it sends.
     */
    public boolean takeRolesChanged() {
        boolean changed = !newRoles.isEmpty();
        newRoles.forEach(mac -> tables.learnRole(new MacAddress(mac), learntRole(mac)));
        newRoles.clear();
        return changed;
    }

    /** What a station said of itself. */
    StationRole learntRole(long mac) {
        return roles.getOrDefault(mac, StationRole.UNKNOWN);
    }

    /**
     * Whether a tunnel packet that a router quotes can be this network's: by its VNI or key, and where that much is
     * quoted, by the guest that sent what is in it, who must be a guest of this host.
     */
    public boolean sends(PathMtuError error) {
        if (error.kind() != tunnel()) {
            return false;
        }
        long id = keyed() ? spec.vni() : PathMtuError.KEYLESS;
        boolean ours = error.id() == id || error.id() == PathMtuError.UNQUOTED;
        return ours && (error.guestMac() == PathMtuError.UNQUOTED || isGuestHere(error.guestMac(), error.guestVlan()));
    }

    private boolean isGuestHere(long mac, int vlan) {
        if (fdb.size() >= fdb.capacity()) {
            return true; // nothing more can be learnt
        }
        Network network = published;
        return network != null && isHere(network.stations().get(mac), Locations.NONE)
                || isHere(fdb.lookup(mac, vlan), Fdb.UNKNOWN);
    }

    private static boolean isHere(int location, int nowhere) {
        return location != nowhere && !Locations.isTunnel(location);
    }

    /**
     * What the tunnels take in one piece by their routes: where that is less than the guests may send, for IPv6's sake,
     * the log says so once.
     */
    public void noteTunnelMtu(int tunnelMtuBytes, int guestMtuBytes, int overheadBytes) {
        int tight = tunnelMtuBytes < guestMtuBytes ? tunnelMtuBytes : 0;
        if (tight != tightMtuBytes && tight > 0) {
            LOG.warn(
                    "network {}: its tunnels take packets of {} bytes, and IPv6 needs {}; larger ones cross in "
                            + "fragments, "
                            + "at a cost: raise the MTU of the underlay's path to {}",
                    spec.name(),
                    tight,
                    guestMtuBytes,
                    guestMtuBytes + overheadBytes);
        }
        tightMtuBytes = tight;
    }

    public DhcpService dhcp() {
        return dhcp;
    }

    /** How its frames leave the host, null when they do not. */
    @Nullable
    public TunnelKind tunnel() {
        return spec.tunnel().kind();
    }

    /** Whether the tunnel carries a key: VXLAN always does. */
    public boolean keyed() {
        return spec.hasVni();
    }
}
