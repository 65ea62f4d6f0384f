package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.PortVlanSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that a port's tags say which network a frame is of, and where a network's frames go. */
final class VlanChecks {

    private final SwitchSpec spec;
    private final List<Finding> findings;

    private VlanChecks(SwitchSpec spec, List<Finding> findings) {
        this.spec = spec;
        this.findings = findings;
    }

    static void check(SwitchSpec spec, List<Finding> findings) {
        VlanChecks checks = new VlanChecks(spec, findings);
        spec.ports().values().forEach(checks::port);
    }

    private void port(PortSpec port) {
        String at = "ports." + port.name();
        PortVlanSpec vlans = port.vlans();
        if (port.network().isEmpty() && vlans.vlan() > 0) {
            add(at + ".vlan", vlans.vlan(), "expected no vlan without network, whose tag it is", at + ".network");
        }
        if (!vlans.vlans().isEmpty()) {
            networks(port, at);
            binding(port, at);
        }
        if (vlans.tagged() && !vlans.trunks().isEmpty()) {
            add(
                    at + ".trunks",
                    null,
                    "expected no trunks beside vlan or vlans: there the outer tag is the port's and not the guest's",
                    at + ".vlan",
                    at + ".vlans");
        }
        if (!vlans.tagged() && vlans.serviceTag()) {
            add(
                    at + ".vlan-protocol",
                    "802.1ad",
                    "expected no vlan-protocol without vlan or vlans",
                    at + ".vlan",
                    at + ".vlans");
        }
    }

    private void networks(PortSpec port, String at) {
        Map<String, String> tagOf = new HashMap<>();
        if (!port.network().isEmpty()) {
            int vlan = port.vlans().vlan();
            tagOf.put(port.network(), vlan == 0 ? "without a tag" : "as VLAN " + vlan);
        }
        port.vlans().vlans().forEach((vid, network) -> {
            String path = at + ".vlans." + vid;
            if (!spec.networks().containsKey(network)) {
                add(path, network, "expected the name of a network: " + AddressChecks.known(spec), "networks");
                return;
            }
            if (vid == port.vlans().vlan()) {
                add(
                        path,
                        network,
                        "expected another VLAN: " + vid + " is network " + port.network() + "'s",
                        at + ".vlan");
                return;
            }
            String earlier = tagOf.putIfAbsent(network, "as VLAN " + vid);
            if (earlier != null) {
                add(path, network, "expected each network once: the port has this one " + earlier, at + ".network");
            }
        });
    }

    private void binding(PortSpec port, String at) {
        String why = " beside vlans: many stations are behind such a port";
        if (port.mac() != null) {
            add(at + ".mac", port.mac(), "expected no mac" + why, at + ".vlans");
        }
    }

    private void add(String path, @Nullable Object value, String message, String... restsOn) {
        findings.add(new Finding(path, value == null ? null : value.toString(), message, List.of(restsOn)));
    }
}
