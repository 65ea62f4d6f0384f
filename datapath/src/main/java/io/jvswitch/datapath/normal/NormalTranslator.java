package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * Translation for networks: which network a frame belongs to, whether its sender may send it, whether the switch
 * answers it itself, and where it goes.
 *
 * <p>The steps stand in the order in which a frame meets them: ingress ({@link IngressPolicy}), responders
 * ({@link Responders}), forwarding ({@link Forwarding}). OpenFlow's NORMAL action is this class.
 */
public final class NormalTranslator implements Translator {

    static final NormalTranslator INSTANCE = new NormalTranslator();

    @Override
    public void translate(Translation translation) {
        if (translation.scope().bridge() instanceof HasNormal owner) {
            normal(translation, owner.normal());
        } else {
            throw new IllegalStateException(
                    "bridge " + translation.scope().bridge().name() + " has no NORMAL action");
        }
    }

    /**
     * NORMAL, for whatever brain asks for it: forwards the frame as it is now from the port of the translation's scope.
     * What that does to the frame is not seen by what follows.
     */
    public static void normal(Translation translation, NormalBridge bridge) {
        int isolated = translation.isolate();
        NormalStep step = translation.scratch(NormalStep.SCRATCH);
        step.begin(translation, bridge);
        decide(step);
        translation.endIsolation(isolated);
    }

    private static void decide(NormalStep step) {
        DropReason refused = isNetworksTunnel(step) ? fromTunnel(step) : fromPort(step);
        if (refused == null) {
            refused = IngressPolicy.check(step);
        }
        if (refused != null) {
            step.drop(refused);
            return;
        }
        if (step.network().options().served()) {
            StationRole.observe(step);
            if (Responders.answer(step)) {
                return;
            }
        }
        Forwarding.forward(step);
    }

    /** Whether the frame came by a tunnel that is no port like others: which network's it is, its key says. */
    private static boolean isNetworksTunnel(NormalStep step) {
        return step.arrival() instanceof Port.Tunnel tunnel && step.bridge().port(tunnel.number()) == null;
    }

    private static @Nullable DropReason fromPort(NormalStep step) {
        int number = step.inPort();
        NetworkPort port = step.bridge().port(number);
        if (port == null) {
            if (step.tracing()) {
                step.say("in_port " + number + " is attached to no network");
            }
            return DropReason.NO_NETWORK;
        }
        int id = step.networkAt(port);
        int cableVid = step.arrivalTag() & VlanTag.VID_MASK;
        if (id == PortVlans.REFUSED) {
            if (step.tracing()) {
                int vid = (int) step.key().get(FlowField.VLAN_TCI, VlanTag.VID_MASK);
                step.say("port " + port.name()
                        + (port.vlans().isGuests()
                                ? " lets its guest send no VLAN " + step.vlan()
                                : " carries no " + (vid == 0 ? "untagged frames" : "VLAN " + vid)));
            }
            return DropReason.VLAN_NOT_CARRIED;
        }
        Network network = step.bridge().network(id);
        if (network == null) {
            if (step.tracing()) {
                step.say("port " + port.name() + " is attached to no network");
            }
            return DropReason.NO_NETWORK;
        }
        step.arrivedBy(port, network);
        if (step.tracing()) {
            step.say("in by port " + port.name() + (cableVid == 0 ? "" : ", whose VLAN " + cableVid + " is")
                    + " of network " + network.name());
        }
        return null;
    }

    private static @Nullable DropReason fromTunnel(NormalStep step) {
        FlowReader key = step.key();
        TunnelKind kind = TunnelFlags.kind((int) key.get(FlowField.TUNNEL_FLAGS, TunnelFlags.KIND_MASK));
        long id = key.get(FlowField.TUNNEL_ID);
        Network network = step.bridge().networkOf(key);
        if (network == null) {
            if (step.tracing()) {
                step.say("no network has " + kind.label() + " id " + id);
            }
            return DropReason.TUNNEL_UNKNOWN_KEY;
        }
        long hi = key.getHi(FlowField.TUNNEL_SRC);
        long lo = key.get(FlowField.TUNNEL_SRC);
        Port.Tunnel vtep = step.arrival() instanceof Port.Tunnel tunnel && tunnel.remote() != null ? tunnel : null;
        boolean known = vtep != null && network.knowsVtep(vtep.number());
        if (!known && !network.allowUnknownVteps()) {
            if (step.tracing()) {
                step.say("VTEP " + IpAddress.toString(hi, lo) + " is no remote of network " + network.name());
            }
            return DropReason.TUNNEL_UNKNOWN_VTEP;
        }
        step.arrivedBy(vtep, network);
        if (vtep == null && network.learning()) {
            step.setNewVtep(new IpAddress(hi, lo));
        }
        if (step.tracing()) {
            step.say("in by " + kind.label() + " id " + id + " from VTEP " + IpAddress.toString(hi, lo) + " of network "
                    + network.name());
        }
        return null;
    }

    /** The name that people know a location by. */
    static String nameOf(NormalStep step, int location) {
        NetworkPort port = step.bridge().port(location);
        Port.Tunnel vtep = port == null ? step.vtep(location) : null;
        return vtep != null ? vtep.name() : "port " + (port == null ? location : port.name());
    }

    static String macText(long mac) {
        return MacAddress.toString(mac);
    }
}
