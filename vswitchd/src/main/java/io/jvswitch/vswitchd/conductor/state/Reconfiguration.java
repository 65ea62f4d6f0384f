package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.conductor.bridge.Bridges;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way from what the switch is to what it shall be. What can be refused is refused first. Then ports go, each of
 * which costs the kernel some time, as many at once as there is time for. All else is done in one go at the end, and
 * published. The conductor's.
 */
final class Reconfiguration implements Changes.Work {

    /** What it works on. */
    record Parts(Networks networks, Ports ports, Bridges bridges, Publisher publisher, Underlay underlay) {}

    /** Where the specification in force is kept. */
    interface InForce {
        SwitchSpec get();

        void set(SwitchSpec next);
    }

    private final Parts parts;
    private final InForce inForce;
    private final UnaryOperator<SwitchSpec> change;
    private final CompletableFuture<SwitchState.Applied> result = new CompletableFuture<>();
    private final List<String> lines = new ArrayList<>();
    private final List<CompletableFuture<Void>> awaited = new ArrayList<>();
    private @Nullable Begun begun;

    /**
     * What has been found out when ports begin to go.
     *
     * @param devices ports of networks and of bridges, by name
     * @param prepared networks that are new
     * @param ports those that there were, as far as it has not been looked at them
     */
    private record Begun(
            SwitchSpec next,
            Map<String, PortSpec> devices,
            Map<String, NetworkRuntime> prepared,
            Iterator<PortRuntime> ports) {}

    /**
     * @param change makes what the switch shall be of what it is by then; may throw {@link ControlRefusedException}
     */
    Reconfiguration(Parts parts, InForce inForce, UnaryOperator<SwitchSpec> change) {
        this.parts = parts;
        this.inForce = inForce;
        this.change = change;
    }

    /** Complete when the switch is what it shall be, but for devices. */
    CompletableFuture<SwitchState.Applied> result() {
        return result;
    }

    @Override
    public boolean goOn(Moment now, BooleanSupplier timeIsUp) {
        Begun way = begun;
        if (way == null) {
            way = begin(now);
            begun = way;
        }
        while (way.ports().hasNext()) {
            if (removed(way.ports().next(), way.devices()) && timeIsUp.getAsBoolean()) {
                return false;
            }
        }
        become(way.next(), way.devices(), way.prepared());
        result.complete(
                new SwitchState.Applied(lines, CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new))));
        return true;
    }

    @Override
    public void fail(RuntimeException why) {
        result.completeExceptionally(why);
    }

    private Begun begin(Moment now) {
        SwitchSpec next = change.apply(inForce.get());
        SpecChanges.requireReloadable(inForce.get(), next);
        Map<String, PortSpec> devices = BridgeDevices.allOf(next);
        parts.ports().requireRoomFor(devices.size() + Bridges.numbersFor(next.bridges()));
        Map<String, NetworkRuntime> prepared = parts.networks().prepare(next, parts.ports()::nameOf, now);
        Iterator<PortRuntime> ports = hasPortsOf(next)
                ? Collections.emptyIterator()
                : List.copyOf(parts.ports().all()).iterator();
        return new Begun(next, devices, prepared, ports);
    }

    /** Whether no port comes, goes or changes: most changes are of a network. */
    @SuppressWarnings("ReferenceEquality") // what has not changed is the same object, however large
    private boolean hasPortsOf(SwitchSpec next) {
        return inForce.get().ports() == next.ports() && inForce.get().bridges() == next.bridges();
    }

    /** Removes a port that is not to be there any more, or needs another device; says whether it did. */
    private boolean removed(PortRuntime port, Map<String, PortSpec> next) {
        PortSpec before = port.spec();
        PortSpec wanted = next.get(before.name());
        if (before.equals(wanted) || wanted != null && port.keepsDevice(wanted)) {
            return false;
        }
        if (wanted != null) {
            port.announceNewDevice();
        }
        awaited.add(parts.ports().remove(port));
        if (wanted == null) {
            parts.ports().release(before.name());
            lines.add("port " + before.name() + " removed");
        }
        return true;
    }

    private void become(SwitchSpec next, Map<String, PortSpec> devices, Map<String, NetworkRuntime> prepared) {
        Ports ports = parts.ports();
        Publisher publisher = parts.publisher();
        boolean samePorts = hasPortsOf(next);
        for (PortRuntime port : samePorts ? List.<PortRuntime>of() : ports.all()) {
            PortSpec before = port.spec();
            PortSpec wanted = devices.get(before.name());
            if (wanted != null && !before.equals(wanted)) {
                port.adopt(wanted);
                publisher.changed(port);
                if (!wanted.vlans().equals(before.vlans())) {
                    // What it carried by another tag must not leave by the new one.
                    publisher.networksOf(port).forEach(network -> network.fdb().removeLocation(port.number()));
                }
            }
        }
        parts.networks().become(next, prepared, publisher, lines);
        parts.bridges().become(next.bridges(), ports::named, lines);
        Map<String, PortSpec> old = BridgeDevices.allOf(inForce.get());
        inForce.set(next);
        parts.underlay().open(parts.networks().all());
        for (PortSpec port : samePorts ? List.<PortSpec>of() : devices.values()) {
            if (ports.named(port.name()) == null) {
                awaited.add(ports.attachLater(ports.add(port)));
                boolean isNew = !old.containsKey(port.name());
                lines.add("port " + port.name() + (isNew ? " added" + ofNetworks(port) : " changed"));
            } else if (!port.equals(old.get(port.name()))) {
                lines.add("port " + port.name() + " changed");
            }
        }
        parts.networks().inOrder(next.networks().keySet());
        if (!samePorts) {
            ports.inOrder(devices.keySet());
        }
        publisher.publish();
    }

    private static String ofNetworks(PortSpec port) {
        return port.networks().isEmpty() ? "" : " to network " + String.join(", ", port.networks());
    }
}
