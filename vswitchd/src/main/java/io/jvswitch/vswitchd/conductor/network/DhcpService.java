package io.jvswitch.vswitchd.conductor.network;

import io.jvswitch.dhcp.DhcpCounter;
import io.jvswitch.dhcp.DhcpEvents;
import io.jvswitch.dhcp.DhcpLease;
import io.jvswitch.dhcp.DhcpPort;
import io.jvswitch.dhcp.DhcpResponder;
import io.jvswitch.dhcp.LeaseSource;
import io.jvswitch.dhcp.LeaseState;
import io.jvswitch.dhcp.LeaseStore;
import io.jvswitch.dhcp.LeaseStoreException;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.vswitchd.time.Moment;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DHCP server of one network: translates its specification for the {@link DhcpResponder} and frames for it. The
 * lease file is opened when the network first has a subnet with DHCP. The conductor's.
 */
public final class DhcpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DhcpService.class);
    /** Room for the longest request that a guest can send, and for the reply that is written over it. */
    private static final int BUFFER_BYTES = 10_240;

    private final String network;
    private final Path stateDir;
    private final IntFunction<String> portNames;
    private final Frame buffer = new Frame(MemorySegment.ofArray(new byte[BUFFER_BYTES]));
    private @Nullable DhcpResponder responder;
    /** What the responder is to serve and does not yet, null when it does. */
    private @Nullable Configuration outdatedBy;

    private record Configuration(NetworkSpec spec, int mtuBytes, Supplier<List<PortSpec>> ports) {}

    /**
     * @param portNames the name of a port, by its number
     */
    public DhcpService(String network, Path stateDir, IntFunction<String> portNames) {
        this.network = network;
        this.stateDir = stateDir;
        this.portNames = portNames;
    }

    /**
     * Opens the lease file if the specification wants DHCP and it is not open yet.
     *
     * @throws ControlRefusedException when another daemon has the file, or it cannot be read
     */
    public void prepare(NetworkSpec spec, Moment now) {
        boolean wanted = spec.subnets().stream().anyMatch(subnet -> subnet.dhcp() != null);
        if (!wanted || responder != null) {
            return;
        }
        DhcpEvents events = new Log();
        Path file = stateDir.resolve("leases-" + network);
        try {
            responder = new DhcpResponder(List.of(), LeaseStore.open(file, events), events, now.epochMs(), now.ns());
        } catch (LeaseStoreException e) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.CONFLICT, "network " + network, null, e.problem(), e.remedy());
        }
    }

    private final class Log implements DhcpEvents {
        @Override
        public void info(String message) {
            LOG.info("network {}: {}", network, message);
        }

        @Override
        public void warn(String message) {
            LOG.warn("network {}: {}", network, message);
        }

        @Override
        public String portName(int inPort) {
            return "port " + portNames.apply(inPort);
        }
    }

    /**
     * Serves what the specification says from now on; leases stay. It is worked in when the server is needed next, once
     * for all that has changed until then.
     *
     * @param ports the network's, asked for then
     */
    public void configureLater(NetworkSpec spec, int mtuBytes, Supplier<List<PortSpec>> ports) {
        outdatedBy = new Configuration(spec, mtuBytes, ports);
    }

    /** Works in what {@link #configureLater} was given. */
    public void settle(Moment now) {
        Configuration latest = outdatedBy;
        if (latest != null) {
            outdatedBy = null;
            configure(latest.spec(), latest.mtuBytes(), latest.ports().get(), now);
        }
    }

    /** Serves what the specification says now; leases stay. */
    void configure(NetworkSpec spec, int mtuBytes, List<PortSpec> ports, Moment now) {
        if (responder != null) {
            List<DhcpSubnet> wanted = new ArrayList<>();
            for (SubnetSpec subnet : spec.subnets()) {
                if (subnet.dhcp() != null) {
                    wanted.add(subnet(spec, subnet, subnet.dhcp(), mtuBytes, ports));
                }
            }
            if (!wanted.equals(responder.subnets())) {
                responder.reconfigure(wanted, now.epochMs(), now.ns());
            }
        }
    }

    private static DhcpSubnet subnet(
            NetworkSpec network, SubnetSpec subnet, DhcpSpec dhcp, int mtuBytes, List<PortSpec> ports) {
        DhcpSubnet.Builder builder = DhcpSubnet.builder(
                        subnet.cidr().network(), subnet.cidr().length(), dhcp.server())
                .serverMac(dhcp.serverMac())
                .gateway(subnet.gateway())
                .dns(subnet.dns().stream().filter(IpAddress::isIpv4).toList())
                .domain(subnet.domain())
                .search(subnet.search())
                .ntp(subnet.ntp().stream().filter(IpAddress::isIpv4).toList())
                .routes(subnet.routes().stream()
                        .map(route -> new DhcpSubnet.Route(
                                route.to().network(), route.to().length(), route.via()))
                        .toList())
                .mtuBytes(mtuBytes)
                .leaseSeconds(dhcp.lease().toSeconds())
                .boot(dhcp.boot())
                .options(dhcp.options())
                .ipv6OnlyWaitSeconds(
                        dhcp.ipv6OnlyWait() == null ? 0 : dhcp.ipv6OnlyWait().toSeconds())
                .pools(dhcp.pools().stream()
                        .map(pool -> new DhcpSubnet.Range(pool.first(), pool.last()))
                        .toList());
        Set<IpAddress> elsewhere = new HashSet<>();
        for (HostSpec host : network.hosts()) {
            host.ips().stream().filter(subnet.cidr()::contains).forEach(elsewhere::add);
        }
        for (PortSpec port : ports) {
            // All of them: only one can be the port's by DHCP, and none is anybody else's.
            port.ips().stream().filter(subnet.cidr()::contains).forEach(elsewhere::add);
            if (port.mac() != null) {
                IpAddress own = port.ips().stream()
                        .filter(subnet.cidr()::contains)
                        .findFirst()
                        .orElse(null);
                builder.reserve(port.mac(), own, port.hostname(), port.name());
            }
        }
        return builder.excluded(elsewhere).build();
    }

    /**
     * The reply to a guest's request.
     *
     * @param drop told why there is none
     * @return null when there is none
     */
    public byte @Nullable [] answer(
            byte[] request, int portNumber, PortSpec port, Moment now, Consumer<DropReason> drop) {
        settle(now);
        if (responder == null) {
            drop.accept(DropReason.RESPONDER_SILENT); // the network had a server when the request was handed over
            return null;
        }
        buffer.clear();
        if (!buffer.resize(request.length)) {
            drop.accept(DropReason.NO_BUFFER);
            return null;
        }
        MemorySegment.copy(MemorySegment.ofArray(request), 0, buffer.segment(), buffer.start(), request.length);
        buffer.setInPort(portNumber);
        DhcpPort client = new DhcpPort(port.name(), port.ips(), port.dhcpRelay());
        DropReason silent =
                responder.answer(buffer, client, now.epochMs(), now.ns()).dropReason();
        if (silent != null) {
            drop.accept(silent);
            return null;
        }
        int vlan = port.vlanOf(network);
        if (vlan > 0) {
            // The request's tag was the cable's, and taken off before it was handed over.
            VlanTag.push(buffer, port.vlans().serviceTag() ? EtherType.SERVICE_VLAN : EtherType.VLAN, vlan);
        }
        return buffer.segment().asSlice(buffer.start(), buffer.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    /** What has to be done once a second. */
    public void tick(Moment now) {
        settle(now);
        if (responder != null) {
            responder.doWork(now.epochMs(), now.ns());
        }
    }

    /** What the server has counted since it was started; nothing without one. */
    public void counters(ObjLongConsumer<DhcpCounter> visitor) {
        if (responder != null) {
            for (DhcpCounter counter : DhcpCounter.values()) {
                visitor.accept(counter, responder.counters().get(counter));
            }
        }
    }

    /** The number is another port's from now on: leases stay with their clients. */
    public void forgetPort(int number) {
        if (responder != null) {
            responder.forgetPort(number);
        }
    }

    public int activeLeases() {
        return responder == null ? 0 : responder.boundLeases();
    }

    /** Addresses of a subnet's pools that are not free. */
    public long usedOf(SubnetSpec subnet) {
        if (responder == null) {
            return 0;
        }
        return responder.leases().stream()
                .filter(lease -> lease.source() == LeaseSource.POOL
                        && lease.state() != LeaseState.EXPIRED
                        && subnet.cidr().contains(lease.ip()))
                .count();
    }

    public List<LeaseView> leases(long nowEpochMs) {
        return responder == null
                ? List.of()
                : responder.leases().stream()
                        .map(lease -> view(lease, nowEpochMs))
                        .toList();
    }

    private LeaseView view(DhcpLease lease, long nowEpochMs) {
        long remainingMs = Math.max(0, lease.untilEpochMs() - nowEpochMs);
        MacAddress mac = lease.mac();
        return new LeaseView(
                network,
                lease.ip(),
                mac,
                lease.inPort() < 0 ? null : portNames.apply(lease.inPort()),
                lease.hostname(),
                lease.source().label(),
                lease.released() ? "released" : lease.state().label(),
                lease.state() == LeaseState.EXPIRED ? 0 : TimeUnit.MILLISECONDS.toSeconds(remainingMs));
    }

    @Override
    public void close() {
        if (responder != null) {
            responder.close();
            responder = null;
        }
    }
}
