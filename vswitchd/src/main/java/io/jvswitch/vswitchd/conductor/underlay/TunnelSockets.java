package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.worker.WorkerProxy;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.tap.Claim;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.PortGuard;
import io.jvswitch.tap.RawIpSocket;
import io.jvswitch.tap.UdpSocket;
import io.jvswitch.tap.UnderlayOptions;
import io.jvswitch.vswitchd.conductor.device.KernelDrops;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.header.IpProtocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of one kind of tunnel, for all workers.
 *
 * <p>UDP sockets use the kernel's segmentation and coalescing ({@code UDP_SEGMENT}, {@code UDP_GRO}) where it has them;
 * each is probed when the socket is opened.
 *
 * <p>VXLAN: each worker receives from one socket on the tunnel's UDP port ({@code SO_REUSEPORT} spreads the senders'
 * flows) and sends from several with ports of the kernel's choice, so that a flow keeps its source port (RFC 7348,
 * section 5). All workers send from the same ports: a flow's port then says nothing of the worker that sent it.
 * Otherwise a flow could wander for ever: a TAP hands a flow to the queue that its answers were last written to, which
 * is that of the worker that the far end's port leads to, which would follow from the worker here. One more socket of
 * each worker sends what is larger than its path takes and must cross all the same: its packets have no DF, and the
 * kernel cuts them into fragments. GRE: the kernel gives every packet to every raw socket, so the first worker alone
 * receives; the others send only.
 */
final class TunnelSockets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelSockets.class);
    /** How long workers may take to let their sockets go; they need microseconds. */
    private static final long PATIENCE_SECONDS = 5;

    /** For a socket that only sends: what arrives there (GRE's copies, strangers' datagrams) is read by nobody. */
    private static final int NO_RECEIVE_BUFFER_BYTES = 1;

    private final TunnelKind kind;
    private final Workers workers;
    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final List<UdpSocket> senders = new ArrayList<>();
    /** Of the senders, every worker's the same. */
    private final Set<Integer> sourcePorts = new HashSet<>();
    /** Of the sockets that receive. */
    private final List<KernelDrops> drops = new ArrayList<>();

    private boolean segments;
    private boolean coalesces;
    private boolean knowsSegments;

    private TunnelSockets(TunnelKind kind, Workers workers) {
        this.kind = kind;
        this.workers = workers;
    }

    /**
     * Opens the sockets and gives them to the workers.
     *
     * @throws NativeException when one cannot be had; none is left open then
     */
    static TunnelSockets open(TunnelKind kind, UnderlaySpec underlay, Workers workers) throws NativeException {
        TunnelSockets opened = new TunnelSockets(kind, workers);
        List<Runnable> handOvers = new ArrayList<>();
        boolean shared = workers.count() > 1;
        UnderlayOptions receiving = UnderlayOptions.at(underlay.localIp(), underlay.udpPort());
        try {
            PortGuard guard = null;
            if (kind == TunnelKind.GRE) {
                opened.claimGre(underlay);
            } else if (shared) {
                guard = PortGuard.open(receiving);
                opened.sockets.add(guard);
            }
            for (WorkerProxy worker : workers.all()) {
                PortQueue receive = kind == TunnelKind.GRE
                        ? opened.openGre(UnderlayOptions.at(underlay.localIp(), 0), worker.number() == 0)
                        : opened.openUdpReceiver(receiving.withReusePort(shared));
                List<PortQueue> send = new ArrayList<>();
                if (kind == TunnelKind.GRE) {
                    send.add(receive);
                    UnderlayOptions options = UnderlayOptions.at(underlay.localIp(), 0);
                    send.add(opened.openGre(options.withDontFragment(false), false));
                } else {
                    send.addAll(opened.openUdpSenders(underlay));
                }
                PortQueue fragmenting = send.removeLast();
                @Nullable PortQueue receiver = kind == TunnelKind.GRE && worker.number() != 0 ? null : receive;
                handOvers.add(() -> worker.setTunnel(kind, receiver, send, fragmenting));
            }
            if (guard != null) {
                guard.shut();
            }
            for (UdpSocket sender : opened.senders) {
                sender.setReusePort(false);
            }
        } catch (NativeException e) {
            opened.closeSockets();
            throw e;
        }
        handOvers.forEach(Runnable::run);
        return opened;
    }

    private static UnderlayOptions sendOnly(UnderlayOptions options) {
        return options.withBuffers(NO_RECEIVE_BUFFER_BYTES, options.sendBufferBytes());
    }

    private PortQueue openUdpReceiver(UnderlayOptions options) throws NativeException {
        UdpSocket socket = UdpSocket.open(options);
        sockets.add(socket);
        drops.add(KernelDrops.ofSocket(socket.toString(), socket::kernelDrops));
        coalesces = socket.enableCoalescing();
        return socket;
    }

    /**
     * A worker's sockets to send by, the one whose packets may be fragmented last. The first worker's get ports that
     * nobody has, and share them only now: a socket that shares from the start can get a port that another program
     * shares, too.
     */
    private List<UdpSocket> openUdpSenders(UnderlaySpec underlay) throws NativeException {
        boolean first = senders.isEmpty();
        List<UdpSocket> ofWorker = new ArrayList<>();
        for (int i = 0; i <= underlay.sockets(); i++) {
            boolean fragmenting = i == underlay.sockets();
            int port = first ? 0 : senders.get(i).localPort();
            UdpSocket socket = UdpSocket.open(sendOnly(UnderlayOptions.at(underlay.localIp(), port))
                    .withReusePort(!first)
                    .withDontFragment(!fragmenting));
            sockets.add(socket);
            ofWorker.add(socket);
            sourcePorts.add(socket.localPort());
            socket.setReusePort(true);
            segments = fragmenting ? segments : socket.enableSegmentation();
        }
        senders.addAll(ofWorker);
        return ofWorker;
    }

    /** The kernel gives every packet to every raw socket: two switches would both take it. */
    private void claimGre(UnderlaySpec underlay) throws NativeException {
        sockets.add(Claim.of(
                NetworkNamespace.current(),
                "gre/" + underlay.localIp(),
                "GRE at " + underlay.localIp(),
                "another jvswitch has GRE tunnels at that address: stop it, or give this one an "
                        + "underlay.local-ip of its own"));
    }

    private PortQueue openGre(UnderlayOptions options, boolean receives) throws NativeException {
        RawIpSocket socket = RawIpSocket.open(receives ? options : sendOnly(options), IpProtocol.GRE);
        sockets.add(socket);
        if (receives) {
            knowsSegments = socket.watchSegmentSizes();
            if (!knowsSegments) {
                LOG.warn("underlay: the kernel does not tell what it merged in GRE (Linux 5.8 does, with CAP_BPF or"
                        + " CAP_SYS_ADMIN): guests' UDP is damaged where a device has rx-udp-gro-forwarding or"
                        + " rx-gro-list on; see 'ethtool -k'");
            }
            drops.add(KernelDrops.ofSocket(socket.toString(), socket::kernelDrops));
        }
        return socket;
    }

    /**
     * Datagrams that the kernel dropped since the last time; a train that it had merged counts as one. Of GRE those
     * that found a full buffer, of UDP also those that were damaged.
     */
    long takeDrops() {
        return drops.stream().mapToLong(KernelDrops::take).sum();
    }

    /** Whether a datagram from that UDP port can be one of theirs. */
    boolean sendFrom(int port) {
        return sourcePorts.contains(port);
    }

    /** Names of the kernel's offloads that the sockets use, as {@code UnderlayView} tells them. */
    List<String> offloads() {
        List<String> names = new ArrayList<>();
        if (segments) {
            names.add("udp-gso");
        }
        if (coalesces) {
            names.add("udp-gro");
        }
        if (knowsSegments) {
            names.add("gre-gro");
        }
        return names;
    }

    /** Takes the sockets away from the workers, and closes them. */
    @Override
    public void close() {
        CountDownLatch released = new CountDownLatch(1);
        workers.removeTunnel(kind, released::countDown);
        try {
            if (!released.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("{} sockets: a worker did not release its queue within {} s", kind.label(), PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeSockets();
    }

    private void closeSockets() {
        for (AutoCloseable socket : sockets) {
            try {
                socket.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing a socket failed, which neither kind of socket does", e);
            }
        }
        sockets.clear();
        senders.clear();
    }
}
