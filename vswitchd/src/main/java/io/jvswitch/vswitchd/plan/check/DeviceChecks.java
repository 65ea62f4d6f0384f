package io.jvswitch.vswitchd.plan.check;

import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that every port has a device of its own, and that none is the one that carries the tunnels. */
final class DeviceChecks {

    private final SwitchSpec spec;
    private final List<Finding> findings;
    private final Map<Place, PortSpec> owners = new HashMap<>();

    /** A device: its name, in a namespace. */
    private record Place(@Nullable String netns, String device) {}

    private DeviceChecks(SwitchSpec spec, List<Finding> findings) {
        this.spec = spec;
        this.findings = findings;
    }

    static void check(SwitchSpec spec, List<Finding> findings) {
        DeviceChecks checks = new DeviceChecks(spec, findings);
        spec.ports().values().forEach(checks::port);
    }

    private void port(PortSpec port) {
        String at = "ports." + port.name();
        // Where the message points: at the key that names the device, or at the port whose name it is.
        String named = port.device() == null ? at : at + ".device";
        if (port.kind() != PortKind.SYSTEM && port.device() != null) {
            add(
                    named,
                    port.device(),
                    "expected no device, as kind is " + port.kind().label() + ": the device has the port's name",
                    at + ".kind");
            return;
        }
        if (port.kind() == PortKind.SYSTEM && !port.offloads()) {
            add(
                    at + ".offloads",
                    "false",
                    "expected no offloads, as kind is system: switch them off on the device with ethtool -K",
                    at + ".kind");
        }
        PortSpec owner = owners.putIfAbsent(new Place(port.netns(), port.deviceName()), port);
        if (owner != null) {
            add(
                    named,
                    port.deviceName(),
                    "expected a device of its own: port " + owner.name() + " has this one",
                    at + ".kind",
                    "ports." + owner.name() + ".kind",
                    "ports." + owner.name() + ".device");
        }
        UnderlaySpec underlay = spec.underlay();
        if (underlay != null && port.netns() == null && port.deviceName().equals(underlay.device())) {
            add(
                    named,
                    port.deviceName(),
                    "expected another device: this one is underlay.device, which carries the tunnels",
                    "underlay.device");
        }
    }

    private void add(String path, @Nullable String value, String message, String... restsOn) {
        findings.add(new Finding(path, value, message, List.of(restsOn)));
    }
}
