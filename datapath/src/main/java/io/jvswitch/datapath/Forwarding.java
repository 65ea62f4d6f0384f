package io.jvswitch.datapath;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.Fdb;
import io.jvswitch.flowtable.FlowField;
import io.jvswitch.flowtable.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.IpProtocol;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Layer-2 forwarding in a bridge domain: learn the source, look the destination up, flood what is unknown.
 *
 * <p>Split horizon: what came from a tunnel never leaves by a tunnel, and nothing leaves by its way in.
 */
final class Forwarding {

    private Forwarding() {}

    static void forward(Translation step) {
        FlowReader key = step.key();
        BridgeDomain domain = step.domain();
        learn(step);
        Tagging.untag(step);
        long destination = key.get(FlowField.ETH_DST);
        if (MacAddress.isMulticast(destination)) {
            flood(step, "group address");
            return;
        }
        int location = domain.station(destination);
        String how = "by configuration";
        if (location == Locations.NONE) {
            location = domain.fdb().lookup(destination, step.vlan());
            how = "learnt";
        }
        if (location == Fdb.UNKNOWN || location == Locations.NONE) {
            flood(step, "unknown unicast");
            return;
        }
        if (step.tracing()) {
            step.say(MacAddress.toString(destination) + " is at " + BridgeTranslator.nameOf(step.snapshot(), location)
                    + " (" + how + ")");
        }
        unicast(step, location);
    }

    private static void learn(Translation step) {
        BridgeDomain domain = step.domain();
        int location = step.location();
        boolean fromTunnel = step.port() == null;
        if (location == Locations.NONE || fromTunnel && !domain.learning()) {
            return;
        }
        long mac = step.key().get(FlowField.ETH_SRC);
        if (domain.station(mac) != Locations.NONE) {
            return; // configuration knows better
        }
        int vlan = step.vlan();
        boolean unknown = domain.fdb().lookup(mac, vlan) != location;
        step.setSource(new Verdict.Source(domain.id(), domain.fdb(), mac, vlan, location, unknown));
        if (unknown && step.tracing()) {
            step.say("learn " + MacAddress.toString(mac) + " at " + BridgeTranslator.nameOf(step.snapshot(), location));
        }
    }

    private static void unicast(Translation step, int location) {
        boolean fromTunnel = step.port() == null;
        if (location == step.location()) {
            step.drop(fromTunnel ? DropReason.SPLIT_HORIZON : DropReason.SAME_PORT);
            return;
        }
        if (Locations.isVtep(location)) {
            if (fromTunnel) {
                step.drop(DropReason.SPLIT_HORIZON);
                return;
            }
            TunnelKind kind = step.domain().tunnel();
            if (kind == null) {
                step.drop(DropReason.NO_DESTINATION);
                return;
            }
            Action.Tunnel tunnel = Action.Tunnel.to(
                    step.domain(), kind, step.snapshot().vtep(Locations.vtepIndex(location)), step.arrivalTag());
            clamp(step, tunnel.mtuBytes());
            step.add(tunnel);
            return;
        }
        LocalPort port = step.snapshot().port(location);
        if (port == null || !port.attached()) {
            step.drop(DropReason.PORT_DOWN);
            return;
        }
        if (!Tagging.carries(step, port)) {
            step.say("port " + port.name() + " carries no VLAN " + step.vlan() + " of the guests'");
            step.drop(DropReason.VLAN_NOT_CARRIED);
            return;
        }
        if (fromTunnel) {
            clamp(step, step.domain().mtuBytes());
        }
        Tagging.output(step, List.of(port), () -> {});
    }

    private static void flood(Translation step, String why) {
        BridgeDomain domain = step.domain();
        Snapshot snapshot = step.snapshot();
        TunnelKind kind = domain.tunnel();
        boolean fromTunnel = step.port() == null;
        boolean down = false;
        if (fromTunnel || kind != null && !domain.floodVteps().isEmpty()) {
            clamp(step, domain.mtuBytes());
        }
        List<LocalPort> ports = new ArrayList<>();
        for (int number : domain.ports()) {
            LocalPort port = snapshot.port(number);
            if (port == null || number == step.location()) {
                continue;
            }
            if (!port.attached()) {
                down = true;
            } else if (Tagging.carries(step, port)) {
                ports.add(port);
            }
        }
        List<Integer> vteps = fromTunnel || kind == null ? List.of() : domain.floodVteps();
        Tagging.output(step, ports, () -> {
            for (int vtep : vteps) {
                step.add(
                        Action.Tunnel.to(domain, Objects.requireNonNull(kind), snapshot.vtep(vtep), step.arrivalTag()));
            }
        });
        int outputs = ports.size() + vteps.size();
        if (step.tracing()) {
            step.say("flood (" + why + ") to " + outputs + (outputs == 1 ? " place" : " places"));
        }
        if (outputs == 0) {
            step.drop(down ? DropReason.PORT_DOWN : DropReason.NO_DESTINATION);
        }
    }

    /** Only TCP carries an MSS; the check of the SYN flag is left to the action, so that a flow stays one megaflow. */
    private static void clamp(Translation step, int mtuBytes) {
        FlowReader key = step.key();
        int type = (int) key.get(FlowField.ETH_TYPE);
        if ((type == EtherType.IPV4 || type == EtherType.IPV6) && key.is(FlowField.IP_PROTO, IpProtocol.TCP)) {
            step.add(new Action.ClampMss(mtuBytes));
        }
    }
}
