package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.List;

/**
 * Layer-2 forwarding in a network: learn the source, look the destination up, flood what is unknown.
 *
 * <p>Split horizon: what came from a tunnel never leaves by a tunnel, and nothing leaves by its way in.
 */
final class Forwarding {

    private Forwarding() {}

    static void forward(NormalStep step) {
        FlowReader key = step.key();
        Network network = step.network();
        learn(step);
        step.takeOffCableTag();
        long destination = key.get(FlowField.ETH_DST);
        if (MacAddress.isMulticast(destination)) {
            flood(step, "group address");
            return;
        }
        int location = network.station(destination);
        String how = "by configuration";
        if (location == Locations.NONE && network.options().learnsIn(step.vlan())) {
            location = step.learntDestination();
            how = "learnt";
        }
        if (location == Fdb.UNKNOWN || location == Locations.NONE) {
            flood(step, "unknown unicast");
            return;
        }
        if (!isPlace(step, location)) {
            flood(step, "the place where it was learnt is no longer there");
            return;
        }
        if (step.tracing()) {
            step.say(MacAddress.toString(destination) + " is at " + NormalTranslator.nameOf(step, location) + " (" + how
                    + ")");
        }
        unicast(step, location);
    }

    private static void learn(NormalStep step) {
        Network network = step.network();
        int location = step.location();
        boolean fromTunnel = step.port() == null;
        if (location == Locations.NONE
                || fromTunnel && !network.learning()
                || !network.options().learnsIn(step.vlan())) {
            return;
        }
        long mac = step.key().get(FlowField.ETH_SRC);
        if (MacAddress.isMulticast(mac) || mac == 0) {
            return; // no station's
        }
        if (network.station(mac) != Locations.NONE) {
            return; // configuration knows better
        }
        if (!BondPolicy.permitsLearning(step)) {
            return;
        }
        step.sourceIsHere();
        if (step.isSourceUnknown() && step.tracing()) {
            step.say("learn " + MacAddress.toString(mac) + " at " + NormalTranslator.nameOf(step, location));
        }
    }

    /**
     * Whether a location is in the frame's network now and takes frames. The MAC table may lag behind the snapshot, and
     * what it still says must never take a frame into another network, nor to a device that has gone.
     */
    private static boolean isPlace(NormalStep step, int location) {
        Network network = step.network();
        NetworkPort port = step.bridge().port(location);
        if (port != null) {
            return step.bridge().isUp(port) && port.isIn(network.id());
        }
        return Locations.isTunnel(location)
                && network.tunnel() != null
                && step.vtep(location) != null
                && (network.knowsVtep(location) || network.allowUnknownVteps());
    }

    private static void unicast(NormalStep step, int location) {
        boolean fromTunnel = step.port() == null;
        if (location == step.location()) {
            step.drop(fromTunnel ? DropReason.SPLIT_HORIZON : DropReason.SAME_PORT);
            return;
        }
        NetworkPort port = step.bridge().port(location);
        if (port == null) {
            if (fromTunnel) {
                step.drop(DropReason.SPLIT_HORIZON);
                return;
            }
            TunnelKind kind = step.network().tunnel();
            Port.Tunnel remote = step.vtep(location);
            if (kind == null || remote == null) {
                step.drop(DropReason.NO_DESTINATION);
                return;
            }
            clamp(step, step.mtuTo(kind, remote));
            step.tunnel(kind, remote);
            return;
        }
        if (!step.isTaken(port)) {
            if (step.tracing()) {
                step.say("port " + port.name() + " carries no VLAN " + step.vlan()
                        + (port.vlans().isGuests() ? " of the guests'" : ""));
            }
            step.drop(DropReason.VLAN_NOT_CARRIED);
            return;
        }
        if (step.bridge().isMirrorOutput(location)) {
            step.drop(DropReason.MIRROR_PORT);
            return;
        }
        if (!step.bridge().arePermitted(step.inPort(), location)) {
            step.drop(DropReason.PORTS_ISOLATED);
            return;
        }
        if (fromTunnel) {
            clamp(step, step.mtuBack());
        }
        step.addDeparture(port);
        step.send();
    }

    private static void flood(NormalStep step, String why) {
        Network network = step.network();
        NormalBridge bridge = step.bridge();
        TunnelKind kind = network.tunnel();
        NetworkPort from = step.port();
        boolean fromTunnel = from == null;
        boolean down = false;
        if (from != null && from.stormControl() > 0) {
            step.limitFlood(from.stormControl());
        }
        if (fromTunnel) {
            clamp(step, step.mtuBack());
        } else if (kind != null && !network.floodVteps().isEmpty()) {
            clamp(step, leastMtuBytes(step, kind));
        }
        int outputs = 0;
        List<Integer> numbers = network.ports();
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            NetworkPort port = bridge.port(number);
            if (port == null
                    || number == step.location()
                    || bridge.isMirrorOutput(number)
                    || !bridge.arePermitted(step.inPort(), number)) {
                continue;
            }
            if (!bridge.isUp(port)) {
                down = true;
            } else if (step.isCarried(port)) {
                outputs++;
                step.addDeparture(port);
            }
        }
        step.sendUnchanged();
        if (!fromTunnel && kind != null) {
            List<Integer> vteps = network.floodVteps();
            for (int i = 0; i < vteps.size(); i++) {
                Port.Tunnel vtep = step.vtep(vteps.get(i));
                if (vtep != null) {
                    outputs++;
                    step.tunnel(kind, vtep);
                }
            }
        }
        step.send();
        if (step.tracing()) {
            step.say("flood (" + why + ") to " + outputs + (outputs == 1 ? " place" : " places"));
        }
        if (from != null && from.stormControl() > 0 && outputs > 0 && step.tracing()) {
            step.say("storm control: port " + from.name() + " may send " + from.stormControl()
                    + " of such frames a second, others are dropped");
        }
        if (outputs == 0) {
            step.drop(down ? DropReason.PORT_DOWN : DropReason.NO_DESTINATION);
        }
    }

    /** What every VTEP of the flood list can be sent. */
    private static int leastMtuBytes(NormalStep step, TunnelKind kind) {
        Network network = step.network();
        int least = network.mtuBytes();
        for (int i = 0; i < network.floodVteps().size(); i++) {
            Port.Tunnel vtep = step.vtep(network.floodVteps().get(i));
            least = vtep == null ? least : Math.min(least, step.mtuTo(kind, vtep));
        }
        return least;
    }

    /** Only TCP carries an MSS; the check of the SYN flag is left to the action, so that a flow stays one megaflow. */
    private static void clamp(NormalStep step, int mtuBytes) {
        FlowReader key = step.key();
        int type = (int) key.get(FlowField.ETH_TYPE);
        if ((type == EtherType.IPV4 || type == EtherType.IPV6) && key.is(FlowField.IP_PROTO, IpProtocol.TCP)) {
            step.clampMss(mtuBytes);
        }
    }
}
