package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.Vtep;
import io.jvswitch.datapath.Worker;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.tap.Route;
import io.jvswitch.tap.Routes;
import io.jvswitch.vswitchd.config.UnderlaySpec;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network under the tunnels: the sockets of each kind of tunnel, the MTU of the path to each VTEP. What is missing (the
 * local address, a route) is waited for. The conductor's.
 */
final class Underlay {

    private static final Logger LOG = LoggerFactory.getLogger(Underlay.class);
    /** Assumed while neither the configuration nor a route says more: Ethernet's. */
    private static final int DEFAULT_MTU_BYTES = 1_500;

    /** Route look-ups are system calls, and the kernel tells of most changes. */
    private static final int PATHS_A_TICK = 4;

    private static final int PATHS_A_CYCLE = 32;

    private final @Nullable UnderlaySpec spec;
    private final VtepTable vteps;
    private final Collection<Worker> workers;
    private final Map<TunnelKind, TunnelSockets> open = new EnumMap<>(TunnelKind.class);
    private final Set<TunnelKind> wanted = EnumSet.noneOf(TunnelKind.class);
    /** Of sockets that are closed, as long as nobody has taken them. */
    private final Map<TunnelKind, Long> dropsOfClosed = new EnumMap<>(TunnelKind.class);

    private final UdpLosses udpLosses;

    /** Devices that routes to VTEPs lead through, or did. */
    private final Set<String> ways = new HashSet<>();

    private boolean routesChanged;
    private int nextPath;
    private int pathsLeft;

    private @Nullable String device;
    private int mtuBytes;
    private @Nullable String waitsFor;
    private @Nullable String linkTrouble;

    Underlay(@Nullable UnderlaySpec spec, VtepTable vteps, Collection<Worker> workers) {
        this.spec = spec;
        this.vteps = vteps;
        this.workers = workers;
        udpLosses = new UdpLosses(spec == null || spec.localIp().isIpv4());
        mtuBytes = spec != null && spec.mtuBytes() > 0 ? spec.mtuBytes() : DEFAULT_MTU_BYTES;
        followDevice();
    }

    @Nullable
    UnderlaySpec spec() {
        return spec;
    }

    /** This VTEP; only asked for when a network has a tunnel, which the configuration then requires an underlay for. */
    IpAddress localIp() {
        return Objects.requireNonNull(spec, "a network has a tunnel, but the switch no underlay")
                .localIp();
    }

    /** The interface with the local address, null while there is none. */
    @Nullable
    String device() {
        return device;
    }

    int mtuBytes() {
        return mtuBytes;
    }

    PortState state() {
        if (waitsFor != null) {
            return PortState.WAITING;
        }
        return linkTrouble == null ? PortState.UP : PortState.DOWN;
    }

    /** What is missing, null when tunnels can carry frames. */
    @Nullable
    String waitsFor() {
        return waitsFor != null ? waitsFor : linkTrouble;
    }

    /** Opens the sockets that these networks need, and closes those that none needs any more. */
    void open(Collection<NetworkRuntime> networks) {
        wanted.clear();
        for (NetworkRuntime network : networks) {
            TunnelKind kind = network.tunnel();
            if (kind != null) {
                wanted.add(kind);
            }
        }
        for (TunnelKind kind : TunnelKind.values()) {
            TunnelSockets sockets = open.get(kind);
            if (sockets != null && !wanted.contains(kind)) {
                open.remove(kind);
                dropsOfClosed.merge(kind, sockets.takeDrops(), Long::sum);
                sockets.close();
            }
        }
        openMissing();
    }

    private void openMissing() {
        UnderlaySpec underlay = spec;
        if (underlay == null) {
            return;
        }
        String missing = null;
        for (TunnelKind kind : wanted) {
            if (open.containsKey(kind)) {
                continue;
            }
            try {
                open.put(kind, TunnelSockets.open(kind, underlay, workers));
                if (kind == TunnelKind.VXLAN) {
                    udpLosses.begin();
                }
                LOG.info("underlay: {} tunnels from {}", kind.label(), underlay.localIp());
            } catch (NativeException e) {
                missing = missing == null ? e.getMessage() : missing + "; " + e.getMessage();
            }
        }
        if (missing != null && !missing.equals(waitsFor)) {
            LOG.warn("underlay waits: {}", missing);
        }
        waitsFor = missing;
    }

    /** Once a second; says whether something changed that a snapshot depends on. */
    boolean tick() {
        if (spec == null) {
            return false;
        }
        openMissing();
        boolean changed = followDevice();
        if (routesChanged || changed) {
            routesChanged = false;
            pathsLeft = vteps.indexes(); // a storm of news begins one round a second
        }
        return askPaths(PATHS_A_TICK) || changed;
    }

    /** The kernel's news of the daemon's namespace. What leads elsewhere, or through a device with another MTU, is asked for again. */
    void hear(LinkEvent event) {
        routesChanged |= switch (event) {
            case LinkEvent.RoutesChanged _, LinkEvent.Overrun _ -> true;
            case LinkEvent.Present present -> ways.contains(present.device().name());
            case LinkEvent.Gone gone -> ways.contains(gone.name());
            case LinkEvent.AddressesChanged _ -> false;
        };
    }

    /** Whether {@link #askPaths()} has something to do. */
    boolean hasPathsToAsk() {
        return pathsLeft > 0;
    }

    /** After the routes have changed: asks for the MTUs of some paths again; says whether one is another than before. */
    boolean askPaths() {
        int some = Math.min(PATHS_A_CYCLE, pathsLeft);
        pathsLeft -= some;
        return askPaths(some);
    }

    private boolean askPaths(int count) {
        boolean changed = false;
        for (int i = Math.min(count, vteps.indexes()); i > 0; i--) {
            nextPath = nextPath + 1 < vteps.indexes() ? nextPath + 1 : 0;
            Vtep vtep = vteps.at(nextPath);
            changed |= vtep != null && refreshPathMtu(vtep);
        }
        return changed;
    }

    /** Datagrams that the kernel dropped since the last time, and why. */
    Map<DropReason, Long> takeLosses() {
        Map<DropReason, Long> losses = new EnumMap<>(DropReason.class);
        losses.put(DropReason.RX_OVERRUN, takeDrops(TunnelKind.GRE));
        if (open.containsKey(TunnelKind.VXLAN) || dropsOfClosed.containsKey(TunnelKind.VXLAN)) {
            udpLosses
                    .take(() -> takeDrops(TunnelKind.VXLAN))
                    .forEach((reason, frames) -> losses.merge(reason, frames, Long::sum));
        }
        return losses;
    }

    private long takeDrops(TunnelKind kind) {
        Long ofClosed = dropsOfClosed.remove(kind);
        TunnelSockets sockets = open.get(kind);
        return (ofClosed == null ? 0 : ofClosed) + (sockets == null ? 0 : sockets.takeDrops());
    }

    /** Looks which device has the local address now; says whether a snapshot depends on what changed. */
    boolean followDevice() {
        UnderlaySpec underlay = spec;
        if (underlay == null) {
            return false;
        }
        try {
            InetAddress local = InetAddress.ofLiteral(underlay.localIp().toString());
            NetworkInterface found = underlay.device() != null
                    ? NetworkInterface.getByName(underlay.device())
                    : NetworkInterface.getByInetAddress(local);
            device = found == null ? null : found.getName();
            linkChanged(
                    found == null
                            ? "no interface has the address " + underlay.localIp() + "; add it with 'ip addr add'"
                            : found.isUp() ? null : downText(found.getName()));
            int mtu = underlay.mtuBytes() > 0 ? underlay.mtuBytes() : found == null ? mtuBytes : found.getMTU();
            boolean changed = mtu != mtuBytes;
            mtuBytes = mtu;
            return changed;
        } catch (SocketException e) {
            LOG.debug("underlay: the interface of {} cannot be read", underlay.localIp(), e);
            return false;
        }
    }

    /** What to do about a device that carries nothing: set up, or not, or without a carrier. */
    private static String downText(String device) {
        boolean up;
        try {
            up = NetDevice.named(device).read().up();
        } catch (NativeException e) {
            up = false; // on its way out
        }
        return up
                ? device + " is up, but has no carrier: its cable, or what is at the other end of it, is down"
                : device + " is down; set it up with 'ip link set " + device + " up'";
    }

    private void linkChanged(@Nullable String trouble) {
        if (trouble == null && linkTrouble != null) {
            LOG.info("underlay: {} has {} and is up again", device, localIp());
        } else if (trouble != null && !trouble.equals(linkTrouble)) {
            LOG.warn("underlay: {}", trouble);
        }
        linkTrouble = trouble;
    }

    /**
     * The VTEP of an address that the configuration names. For one that is new the kernel is asked for the MTU of its
     * path.
     */
    Vtep vtep(IpAddress address) {
        Vtep known = vteps.find(address);
        return vteps.of(address, known != null ? known.pathMtuBytes() : pathMtuBytes(address));
    }

    /** Asks the kernel again for the MTU of the path to a VTEP; says whether it is another one. */
    boolean refreshPathMtu(IpAddress remote) {
        Vtep vtep = vteps.find(remote);
        return vtep != null && refreshPathMtu(vtep);
    }

    private boolean refreshPathMtu(Vtep vtep) {
        int now = pathMtuBytes(vtep.address());
        boolean changed = vteps.setPathMtu(vtep, now);
        if (changed) {
            LOG.info("underlay: path MTU to {} is {} instead of {}", vtep.address(), now, vtep.pathMtuBytes());
        }
        return changed;
    }

    /** MTU of the path to a VTEP, by route or discovered; the underlay's own while there is no route. */
    int pathMtuBytes(IpAddress remote) {
        try {
            Route route = Routes.current().to(remote, null);
            ways.add(route.device());
            int path = route.pathMtuBytes();
            return spec != null && spec.mtuBytes() > 0 ? Math.min(path, spec.mtuBytes()) : path;
        } catch (NativeException e) {
            return mtuBytes;
        }
    }

    /** Names of the offloads that the open tunnels' sockets use. */
    List<String> offloads() {
        return open.values().stream()
                .flatMap(sockets -> sockets.offloads().stream())
                .distinct()
                .toList();
    }

    void close() {
        open.values().forEach(TunnelSockets::close);
        open.clear();
    }
}
