package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.NetworkTunnel;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a specification as a whole: what each value by itself cannot show. Run for a file and again for each change by
 * command, so that a switch never becomes what its file could not say.
 *
 * <p>A pure function, but for the size of the JVM's heap; any thread.
 */
public final class SpecChecks {

    private static final long MAX_VXLAN_VNI = 0xff_ffff;
    private static final int MIN_IPV6_MTU_BYTES = 1280;

    private final SwitchSpec spec;
    private final List<Finding> findings = new ArrayList<>();

    private SpecChecks(SwitchSpec spec) {
        this.spec = spec;
    }

    /** Everything that is wrong with {@code spec}; empty when nothing is. */
    public static List<Finding> check(SwitchSpec spec) {
        SpecChecks checks = new SpecChecks(spec);
        checks.underlay();
        checks.tunnelKeys();
        spec.networks().values().forEach(checks::network);
        DeviceChecks.check(spec, checks.findings);
        VlanChecks.check(spec, checks.findings);
        AddressChecks.check(spec, checks.findings);
        HeapChecks.check(spec, Runtime.getRuntime().maxMemory(), checks.findings);
        return checks.findings;
    }

    private void underlay() {
        UnderlaySpec underlay = spec.underlay();
        if (underlay != null) {
            scope("underlay.local-ip", underlay.localIp());
            boolean smallIpv6 = underlay.mtuBytes() != 0
                    && underlay.mtuBytes() < MIN_IPV6_MTU_BYTES
                    && !underlay.localIp().isIpv4();
            if (smallIpv6) {
                add(
                        "underlay.mtu",
                        underlay.mtuBytes(),
                        "expected at least " + MIN_IPV6_MTU_BYTES + ", as local-ip is an IPv6 address",
                        "underlay.local-ip");
            }
            return;
        }
        for (NetworkSpec network : spec.networks().values()) {
            if (network.tunnel() != NetworkTunnel.NONE) {
                add(
                        "underlay",
                        null,
                        "missing: expected a section with local-ip, as network '" + network.name() + "' has a tunnel",
                        path(network) + ".tunnel");
                return;
            }
        }
    }

    private void tunnelKeys() {
        Map<String, String> owners = new HashMap<>();
        for (NetworkSpec network : spec.networks().values()) {
            String vniPath = path(network) + ".vni";
            String tunnelPath = path(network) + ".tunnel";
            boolean vxlan = network.tunnel() == NetworkTunnel.VXLAN;
            if (network.tunnel() == NetworkTunnel.NONE) {
                if (network.hasVni()) {
                    add(vniPath, network.vni(), "expected no vni, as tunnel is none", tunnelPath);
                }
                continue;
            }
            if (vxlan && !network.hasVni()) {
                add(
                        vniPath,
                        null,
                        "missing: expected a number 0 to " + MAX_VXLAN_VNI + ", as tunnel is vxlan",
                        tunnelPath);
                continue;
            }
            if (vxlan && network.vni() > MAX_VXLAN_VNI) {
                add(
                        vniPath,
                        network.vni(),
                        "expected a number 0 to " + MAX_VXLAN_VNI + ", as tunnel is vxlan",
                        tunnelPath);
                continue;
            }
            String owner = owners.putIfAbsent(network.tunnel() + " " + network.vni(), network.name());
            if (owner == null) {
                continue;
            }
            String ownerPath = "networks." + owner;
            if (network.hasVni()) {
                add(
                        vniPath,
                        network.vni(),
                        "expected another number: network '" + owner + "' has this one",
                        tunnelPath,
                        ownerPath + ".vni",
                        ownerPath + ".tunnel");
            } else {
                add(
                        vniPath,
                        null,
                        "missing: expected a GRE key, as network '" + owner + "' uses keyless GRE",
                        tunnelPath,
                        ownerPath + ".vni",
                        ownerPath + ".tunnel");
            }
        }
    }

    private void network(NetworkSpec network) {
        String at = path(network);
        boolean tunnel = network.tunnel() != NetworkTunnel.NONE;
        if (!tunnel && !network.remotes().isEmpty()) {
            add(at + ".remotes", null, "expected none, as tunnel is none", at + ".tunnel");
        }
        if (!tunnel && !network.hosts().isEmpty()) {
            add(
                    at + ".hosts",
                    null,
                    "expected none, as tunnel is none: a guest of this host is a port",
                    at + ".tunnel");
        }
        if (!tunnel && (network.tos().tos() != 0 || network.tos().inheritsDscp())) {
            add(at + ".tos", network.tos().dscpText(), "expected none, as tunnel is none", at + ".tunnel");
        }
        if (!tunnel && !network.tos().inheritsEcn()) {
            add(at + ".ecn", "compatibility", "expected none, as tunnel is none", at + ".tunnel");
        }
        if (tunnel) {
            Set<IpAddress> seen = new HashSet<>();
            for (int i = 0; i < network.remotes().size(); i++) {
                IpAddress remote = network.remotes().get(i);
                String remotePath = at + ".remotes[" + i + "]";
                vtep(remotePath, remote);
                if (!seen.add(remote)) {
                    add(remotePath, remote, "expected each remote once");
                }
            }
            for (int i = 0; i < network.hosts().size(); i++) {
                vtep(at + ".hosts[" + i + "].vtep", network.hosts().get(i).vtep());
            }
        }
        for (int i = 0; i < network.subnets().size(); i++) {
            new SubnetChecks(at + ".subnets[" + i + "]", network.subnets().get(i), findings).run();
            for (int j = 0; j < i; j++) {
                if (network.subnets()
                        .get(i)
                        .cidr()
                        .overlaps(network.subnets().get(j).cidr())) {
                    add(
                            at + ".subnets[" + i + "].cidr",
                            network.subnets().get(i).cidr(),
                            "expected a prefix apart from "
                                    + network.subnets().get(j).cidr() + " of the same network",
                            at + ".subnets[" + j + "].cidr");
                }
            }
        }
    }

    /**
     * A link-local address is as good as none: which link it is on, neither a route nor the other hosts could tell. A
     * loopback address is one for tunnels that stay on this host, as {@code local-ip} then says.
     */
    private void scope(String at, IpAddress vtep) {
        UnderlaySpec underlay = spec.underlay();
        boolean staysHere =
                underlay != null && HostAddresses.isLoopback(underlay.localIp()) && HostAddresses.isLoopback(vtep);
        String expected = staysHere ? null : HostAddresses.expectedInsteadOf(vtep);
        if (expected != null) {
            add(at, vtep, expected);
        }
        if (vtep.isLinkLocal()) {
            add(
                    at,
                    vtep,
                    "expected an address that is good beyond one link: a global or a unique local one (fd00::/8), "
                            + "not a link-local one (fe80::/10)");
        }
    }

    private void vtep(String at, IpAddress vtep) {
        scope(at, vtep);
        UnderlaySpec underlay = spec.underlay();
        if (underlay == null) {
            return;
        }
        IpAddress local = underlay.localIp();
        if (vtep.isIpv4() != local.isIpv4()) {
            add(
                    at,
                    vtep,
                    "expected an IPv" + (local.isIpv4() ? 4 : 6) + " address, as underlay.local-ip is " + local,
                    "underlay",
                    "underlay.local-ip");
        }
    }

    private void add(String path, @Nullable Object value, String message, String... restsOn) {
        findings.add(new Finding(path, value == null ? null : value.toString(), message, List.of(restsOn)));
    }

    private static String path(NetworkSpec network) {
        return "networks." + network.name();
    }
}
