package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.mtu.PathMtuError;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.tap.Route;
import io.jvswitch.tap.Routes;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network under the tunnels: the sockets of each kind of tunnel, the MTU of the path to each VTEP. What is missing
 * (the local address, a route) is waited for. The conductor's.
 */
public final class Underlay {

    private static final Logger LOG = LoggerFactory.getLogger(Underlay.class);
    /** Assumed while neither the configuration nor a route says more: Ethernet's. */
    private static final int DEFAULT_MTU_BYTES = 1_500;

    /**
     * How long the kernel's word is taken for it that nothing has changed: to look costs some 10 ms where the
     * namespace has
     * 2,000 devices.
     */
    private static final int MAX_QUIET_TICKS = 10;

    /** Route look-ups are system calls, and the kernel tells of most changes. */
    private static final int PATHS_PER_TICK = 4;

    private static final int PATHS_PER_CYCLE = 32;

    private static final int MAX_PACKET_BYTES = 65_535;
    /** How often the log tells of words that were not believed. */
    private static final long DISBELIEF_LOG_NS = TimeUnit.MINUTES.toNanos(1);

    private final @Nullable UnderlaySpec spec;
    private final VtepTable vteps;
    private final Workers workers;
    private final Map<TunnelKind, TunnelSockets> open = new EnumMap<>(TunnelKind.class);
    private final Set<TunnelKind> wanted = EnumSet.noneOf(TunnelKind.class);
    private final PathMtus paths = new PathMtus();
    /** What the routes to VTEPs that the configuration names take. */
    private final Map<IpAddress, Integer> routeMtus = new HashMap<>();

    private final Runnable wakeup;
    private @Nullable PathMtuWatch watch;
    /** Whether the kernel's own path MTUs must do, as routers cannot be heard. */
    private boolean deaf;

    private boolean disbelieved;
    private long disbelievedNs;
    /** Of sockets that are closed, as long as nobody has taken them. */
    private final Map<TunnelKind, Long> dropsOfClosed = new EnumMap<>(TunnelKind.class);

    private final UdpLosses udpLosses;

    /** Devices that routes to VTEPs lead through, or did. */
    private final Set<String> ways = new HashSet<>();

    private boolean routesChanged;
    /** Number of the VTEP whose path was asked for last. */
    private int askedLast;

    private int pathsLeft;

    private @Nullable String device;
    private int mtuBytes;
    private @Nullable String waitsFor;
    private @Nullable String linkTrouble;
    /** Whether the kernel has told of something that {@link #followDevice} should look at. */
    private boolean deviceNews;

    private int quietTicks;
    private boolean onLoopback;
    /** What the log last said of the MTU of a VTEP on the loopback device. */
    private @Nullable String assumed;

    /** @param wakeup called, by another thread, when {@link #readPathMtus} has something to read */
    public Underlay(@Nullable UnderlaySpec spec, VtepTable vteps, Workers workers, Runnable wakeup) {
        this.spec = spec;
        this.vteps = vteps;
        this.workers = workers;
        udpLosses = new UdpLosses(spec == null || spec.localIp().isIpv4());
        this.wakeup = wakeup;
        mtuBytes = spec != null && spec.mtuBytes() > 0 ? spec.mtuBytes() : DEFAULT_MTU_BYTES;
        followDevice();
    }

    @Nullable
    public UnderlaySpec spec() {
        return spec;
    }

    /** This VTEP; only asked for when a network has a tunnel, which the configuration then requires an underlay for. */
    public IpAddress localIp() {
        return Objects.requireNonNull(spec, "a network has a tunnel, but the switch no underlay")
                .localIp();
    }

    /** Whether that VTEP is this one: lists that all hosts share have it, too, and nothing is sent to it. */
    public boolean isLocal(IpAddress vtep) {
        return spec != null && spec.localIp().equals(vtep);
    }

    /** The interface with the local address, null while there is none. */
    @Nullable
    public String device() {
        return device;
    }

    public int mtuBytes() {
        return mtuBytes;
    }

    public PortState state() {
        if (waitsFor != null) {
            return PortState.WAITING;
        }
        return linkTrouble == null ? PortState.UP : PortState.DOWN;
    }

    /** What is missing, null when tunnels can carry frames. */
    @Nullable
    public String waitsFor() {
        return waitsFor != null ? waitsFor : linkTrouble;
    }

    /** Opens the sockets that these networks need, and closes those that none needs any more. */
    public void open(Collection<NetworkRuntime> networks) {
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
        if (!open.isEmpty()) {
            listenToRouters(underlay);
        }
        if (missing != null && !missing.equals(waitsFor)) {
            LOG.warn("underlay waits: {}", missing);
        }
        waitsFor = missing;
    }

    private void listenToRouters(UnderlaySpec underlay) {
        if (watch != null || deaf) {
            return;
        }
        try {
            watch = PathMtuWatch.open(underlay.localIp(), underlay.udpPort(), wakeup);
        } catch (NativeException e) {
            deaf = !e.isAddressMissing();
            if (deaf) {
                LOG.warn(
                        "underlay: path MTUs are the kernel's, which believes any ICMP error and learns none for GRE "
                                + "over IPv6: {}",
                        e.getMessage());
            }
        }
    }

    /** Once a second; says whether something changed that a snapshot depends on. */
    public boolean tick(long nowNs) {
        if (spec == null) {
            return false;
        }
        openMissing();
        quietTicks++;
        boolean look = deviceNews || device == null || linkTrouble != null || quietTicks >= MAX_QUIET_TICKS;
        boolean changed = look && followDevice();
        for (IpAddress remote : paths.expire(nowNs)) {
            changed |= refreshPathMtu(remote);
        }
        if (routesChanged || changed) {
            routesChanged = false;
            pathsLeft = vteps.size(); // a storm of news begins one round a second
        }
        return askPaths(PATHS_PER_TICK) || changed;
    }

    /**
     * The kernel's news of the daemon's namespace. What leads elsewhere, or through a device with another MTU, is asked
     * for again.
     */
    public void hear(LinkEvent event) {
        deviceNews |= switch (event) {
            case LinkEvent.AddressesChanged _, LinkEvent.Overrun _ -> true;
            case LinkEvent.Present present -> present.device().name().equals(device);
            case LinkEvent.Gone gone -> gone.name().equals(device);
            case LinkEvent.RoutesChanged _ -> false;
        };
        routesChanged |= switch (event) {
            case LinkEvent.RoutesChanged _, LinkEvent.Overrun _ -> true;
            case LinkEvent.Present present -> ways.contains(present.device().name());
            case LinkEvent.Gone gone -> ways.contains(gone.name());
            case LinkEvent.AddressesChanged _ -> false;
        };
    }

    /**
     * After the routes have changed: asks for the MTUs of some paths again; says whether one is another than before.
     */
    public boolean askPaths() {
        int some = Math.min(PATHS_PER_CYCLE, pathsLeft);
        pathsLeft -= some;
        return askPaths(some);
    }

    private boolean askPaths(int count) {
        boolean changed = false;
        for (int i = Math.min(count, vteps.size()); i > 0; i--) {
            Vtep vtep = vteps.after(askedLast);
            if (vtep != null) {
                askedLast = vtep.number();
                changed |= refreshPathMtu(vtep);
            }
        }
        return changed;
    }

    /** Whether {@link #askPaths()} or {@link #readPathMtus} has something to do. */
    public boolean hasNews() {
        return pathsLeft > 0 || watch != null && watch.hasNews();
    }

    /**
     * Reads what routers say of packets that were too big, and believes it of packets that the tunnels may have sent.
     *
     * @return as {@link #refreshPathMtu}
     */
    public boolean readPathMtus(Predicate<PathMtuError> isOfNetworks, long nowNs) {
        boolean[] changed = {false};
        if (watch != null) {
            watch.poll(error -> changed[0] |= hear(error, isOfNetworks, nowNs));
        }
        return changed[0];
    }

    private boolean hear(PathMtuError error, Predicate<PathMtuError> isOfNetworks, long nowNs) {
        Vtep vtep = vteps.find(error.remote());
        TunnelSockets sockets = open.get(error.kind());
        boolean sent = vtep != null
                && sockets != null
                && (error.kind() == TunnelKind.GRE || sockets.sendFrom(error.sourcePort()))
                && error.mtuBytes() < error.packetBytes()
                && isOfNetworks.test(error);
        if (vtep == null || !sent) {
            disbelieve(error, nowNs);
            return false;
        }
        return paths.learn(vtep.address(), error.mtuBytes(), vtep.pathMtuBytes(), nowNs) && refreshPathMtu(vtep);
    }

    /** Forged ones come in floods. */
    private void disbelieve(PathMtuError error, long nowNs) {
        if (!disbelieved || nowNs - disbelievedNs >= DISBELIEF_LOG_NS) {
            disbelieved = true;
            disbelievedNs = nowNs;
            LOG.warn(
                    "underlay: an ICMP error says that the path to {} takes {} bytes, but quotes no packet that was "
                            + "sent "
                            + "by a tunnel here; it is not believed",
                    error.remote(),
                    error.mtuBytes());
        }
    }

    /** Datagrams that the kernel dropped since the last time, and why. */
    public Map<DropReason, Long> takeLosses() {
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
    public boolean followDevice() {
        UnderlaySpec underlay = spec;
        if (underlay == null) {
            return false;
        }
        deviceNews = false;
        quietTicks = 0;
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
            onLoopback = found != null && found.isLoopback();
            int mtu = underlay.mtuBytes() > 0
                    ? underlay.mtuBytes()
                    : found == null ? mtuBytes : onLoopback ? mtuOut() : found.getMTU();
            boolean changed = mtu != mtuBytes;
            if (mtu < mtuBytes && !onLoopback) {
                // Until each path has been asked for again; one that leads out elsewhere may then have its own back.
                vteps.limitPathMtus(mtu);
            }
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

    /** The loopback device's MTU, 64 KB and more, says nothing of what leaves the host. */
    private int mtuOut() {
        WayOut out = WayOut.find(localIp().isIpv4());
        int mtu = out == null ? DEFAULT_MTU_BYTES : out.mtuBytes();
        String assumption = "underlay: " + localIp() + " is on " + device
                + ", whose MTU is no tunnel's; networks without remotes get theirs from "
                + (out == null
                        ? "Ethernet's, " + mtu + ", as there is no default route"
                        : "the default route's device " + out.device() + ", " + mtu)
                + "; set underlay.mtu where the tunnels' paths take less";
        if (!assumption.equals(assumed)) {
            assumed = assumption;
            LOG.warn("{}", assumption);
        }
        return mtu;
    }

    /**
     * Whether the local address is on the loopback device, as where routers are told of it: then remotes' routes alone
     * have an MTU.
     */
    public boolean isOnLoopback() {
        return onLoopback;
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
     * The VTEP of an address that the configuration names; one that is new gets its tunnel port and the MTU of its
     * path.
     */
    public Vtep vtep(IpAddress address) {
        Vtep known = vteps.find(address);
        if (known != null && vteps.isConfigured(known)) {
            return known;
        }
        int route = askRoute(address);
        routeMtus.put(address, route);
        return vteps.of(address, paths.limit(address, route));
    }

    /** What route and device to a VTEP that the configuration names take by themselves; its path may take less. */
    public int routeMtuBytes(Vtep vtep) {
        return routeMtus.getOrDefault(vtep.address(), vtep.pathMtuBytes());
    }

    /**
     * Asks the kernel again for the MTU of the path to a VTEP. Where only what routers say is different, that is its
     * tunnel port's alone ({@link VtepTable#hasChanged}).
     *
     * @return whether what routes and devices take is different, by which networks are sized
     */
    public boolean refreshPathMtu(IpAddress remote) {
        Vtep vtep = vteps.find(remote);
        return vtep != null && refreshPathMtu(vtep);
    }

    private boolean refreshPathMtu(Vtep vtep) {
        int route = askRoute(vtep.address());
        Integer before = routeMtus.replace(vtep.address(), route);
        int now = paths.limit(vtep.address(), route);
        boolean changed = vteps.setPathMtu(vtep, now);
        if (changed) {
            LOG.info("underlay: path MTU to {} is {} instead of {}", vtep.address(), now, vtep.pathMtuBytes());
        }
        return before == null ? changed : before != route;
    }

    /** MTU of the path to a VTEP, by route or as routers say; the underlay's own while there is no route. */
    public int pathMtuBytes(IpAddress remote) {
        return paths.limit(remote, askRoute(remote));
    }

    /** What route and device to a VTEP take; the underlay's own MTU while there is no route. */
    private int askRoute(IpAddress remote) {
        try {
            Route route = Routes.current().to(remote, null);
            ways.add(route.device());
            // What the kernel learnt may be what anybody made it believe: it is only for when nothing better can be
            // had.
            int bytes = deaf ? Math.max(route.pathMtuBytes(), PathMtus.leastBytes(remote)) : route.routeMtuBytes();
            if (bytes > MAX_PACKET_BYTES) {
                bytes = mtuBytes; // by the loopback device: to this very host
            }
            return spec != null && spec.mtuBytes() > 0 ? Math.min(bytes, spec.mtuBytes()) : bytes;
        } catch (NativeException e) {
            return mtuBytes;
        }
    }

    /** Names of the offloads that the open tunnels' sockets use. */
    public List<String> offloads() {
        return open.values().stream()
                .flatMap(sockets -> sockets.offloads().stream())
                .distinct()
                .toList();
    }

    public void close() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        open.values().forEach(TunnelSockets::close);
        open.clear();
    }
}
