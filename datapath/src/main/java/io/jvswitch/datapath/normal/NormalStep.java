package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.vlan.FrameTags;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Dependency;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Scratch;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of NORMAL: what is known so far of a frame in one bridge, and the actions that NORMAL has.
 *
 * <p>A {@link Translation} has one for each of its scopes and uses it again for every frame; actions that the flow's
 * last verdict had in the same place are taken from there, so that a translation that comes to the same verdict
 * allocates nothing. Owned by one thread.
 */
final class NormalStep {

    static final Scratch<NormalStep> SCRATCH = NormalStep::new;

    private static final Action ANSWER_ECHO = new Action.AnswerEcho();
    /** Before {@link #begin}. */
    private static final Translation NONE = new Translation();

    private static final NormalBridge NOWHERE = new NormalBridge(0, "", List.of(), List.of());

    private final FrameTags tags = new FrameTags();
    private final Departures departures = new Departures();
    private Translation translation = NONE;
    private NormalBridge bridge = NOWHERE;
    private @Nullable Network network;
    private @Nullable NetworkPort port;
    /** Of the VTEP that the frame came from. */
    private Port.@Nullable Tunnel vtep;

    private boolean sourceAsked;
    private boolean sourceUnknown;

    private NormalStep() {}

    /** Starts on a frame in a bridge. */
    void begin(Translation newTranslation, NormalBridge newBridge) {
        translation = newTranslation;
        bridge = newBridge;
        departures.clear();
        tags.begin(newTranslation.key(), FrameTags.MAX_KNOWN);
        network = null;
        port = null;
        vtep = null;
        sourceAsked = false;
        sourceUnknown = false;
    }

    NormalBridge bridge() {
        return bridge;
    }

    /** The frame's key; reading un-wildcards. */
    FlowReader key() {
        return translation.key();
    }

    // ---- what is known of the frame ----

    /** The port that the frame came in by. */
    Port arrival() {
        return translation.scope().port();
    }

    /** Number of the port that the frame came in by. */
    int inPort() {
        return arrival().number();
    }

    /** Id of the network that the frame is of at a port, or {@link PortVlans#REFUSED}. */
    int networkAt(NetworkPort arrivalPort) {
        Network own = bridge.network(arrivalPort.network());
        if (own != null) {
            tags.begin(key(), own.options().knownTags(translation));
        }
        return tags.arrive(arrivalPort.vlans(), arrivalPort.network());
    }

    /** The frame came from a guest. */
    void arrivedBy(NetworkPort arrivalPort, Network arrivalNetwork) {
        port = arrivalPort;
        network = arrivalNetwork;
        translation.setNetwork(arrivalNetwork.id());
    }

    /** The frame came from a tunnel; the VTEP's port is null when it is unknown and allowed. */
    void arrivedBy(Port.@Nullable Tunnel arrivalVtep, Network arrivalNetwork) {
        vtep = arrivalVtep;
        network = arrivalNetwork;
        translation.setNetwork(arrivalNetwork.id());
    }

    /** The frame came from a VTEP that is accepted and not known yet. */
    void setNewVtep(IpAddress address) {
        translation.tell(new NormalNews.NewVtep(address));
    }

    Network network() {
        if (network == null) {
            throw new IllegalStateException("translation went on without a network");
        }
        return network;
    }

    /** The port of arrival, null for a frame from a tunnel. */
    @Nullable
    NetworkPort port() {
        return port;
    }

    /** Where the frame came from, as the MAC table knows places. */
    int location() {
        if (port != null) {
            return port.number();
        }
        return vtep != null ? vtep.number() : Locations.NONE;
    }

    /** TPID and VLAN id of the cable's tag that the frame came with, 0 without one. */
    int arrivalTag() {
        return tags.cableTag();
    }

    /** The VLAN id by which the network tells its VLANs apart, 0 for none. */
    int vlan() {
        return tags.vlan();
    }

    boolean tracing() {
        return translation.tracing();
    }

    void say(String text) {
        translation.say(text);
    }

    // ---- what the MAC table says; the verdict then depends on it ----

    /** Where the frame's destination was learnt, or {@link Fdb#UNKNOWN}. */
    int learntDestination() {
        return translation.lookUpDestination(network().fdb(), vlan());
    }

    /** Asks the MAC table whether the frame's source is at its place of arrival. */
    private void askForSource() {
        if (!sourceAsked) {
            sourceAsked = true;
            sourceUnknown = !translation.creditSource(network().fdb(), vlan(), location());
        }
    }

    /** Whether the MAC table knows the frame's source at another place. */
    boolean isSourceElsewhere() {
        askForSource();
        return sourceUnknown && network().fdb().lookup(key().get(FlowField.ETH_SRC), vlan()) != Fdb.UNKNOWN;
    }

    /** The frame's source is at its place of arrival: to be learnt, unless the MAC table says so already. */
    void sourceIsHere() {
        askForSource();
        if (sourceUnknown) {
            Network here = network();
            translation.tell(
                    new NormalNews.Learn(here.id(), here.fdb(), key().get(FlowField.ETH_SRC), vlan(), location()));
        }
    }

    /** The frame announces its source's address, which must not move to a bond for a while. */
    void announce(ArpLocks locks) {
        translation.tell(new NormalNews.Announcement(locks, key().get(FlowField.ETH_SRC), vlan(), location()));
    }

    void dependOn(Dependency dependency) {
        translation.dependOn(dependency);
    }

    /** Whether the source is not yet known to be where the frame came from. */
    boolean isSourceUnknown() {
        return sourceUnknown;
    }

    /** The sender says of itself whether it routes, and that is news. */
    void setNewRole(long mac, boolean router) {
        translation.tell(new NormalNews.Role(network().id(), mac, location(), router));
    }

    // ---- actions ----

    private @Nullable Action before() {
        return translation.previous();
    }

    /** Makes the frame what it is within its network: without the cable's tag. */
    void takeOffCableTag() {
        tags.takeOffCableTag(translation);
    }

    /** Whether what is flooded in the frame's VLAN leaves by a port of its network. */
    boolean isCarried(NetworkPort to) {
        return tags.isCarried(to.vlans(), network().id());
    }

    /** Whether the frame can leave by a port that its destination is known to be behind. */
    boolean isTaken(NetworkPort to) {
        return tags.isTaken(to.vlans(), network().id());
    }

    /** Is to leave by a port: {@link #send}. */
    void addDeparture(NetworkPort to) {
        departures.add(to, tags, network().id());
    }

    /** Leaves by those of the ports added that want the frame as it is. */
    void sendUnchanged() {
        departures.sendUnchanged(translation, bridge, tags);
    }

    /** Leaves by all ports added that are left, with the tags that each wants. */
    void send() {
        departures.send(translation, bridge, tags);
    }

    /** The tunnel port of a VTEP, null when there is none of that number. */
    Port.@Nullable Tunnel vtep(int number) {
        return translation.snapshot().port(number) instanceof Port.Tunnel tunnel ? tunnel : null;
    }

    private static IpAddress address(Port.Tunnel vtep) {
        return Objects.requireNonNull(vtep.remote(), "a VTEP's tunnel port has its address");
    }

    /** Largest inner IP packet that the network's tunnel takes to a VTEP. */
    int mtuTo(TunnelKind kind, Port.Tunnel remote) {
        Network here = network();
        boolean ipv6 = !address(remote).isIpv4();
        return Math.min(here.mtuBytes(), EffectiveMtu.of(kind, here.keyed(), ipv6, remote.pathMtuBytes()));
    }

    /** {@link #mtuTo} of the VTEP that the frame came from; of an unknown one, what the network's guests may send. */
    int mtuBack() {
        TunnelKind kind = network().tunnel();
        Port.Tunnel from = vtep;
        return kind == null || from == null ? network().mtuBytes() : mtuTo(kind, from);
    }

    /** Leaves by the tunnel port of a VTEP, as the network's frames do. */
    void tunnel(TunnelKind kind, Port.Tunnel remote) {
        Network here = network();
        int mtuBytes = mtuTo(kind, remote);
        int udpPort = kind == TunnelKind.GRE ? 0 : remote.udpPort();
        boolean same = before() instanceof Action.Tunnel old
                && old.sent().equals(remote.traffic().sent())
                && old.kind() == kind
                && old.id() == here.tunnelId()
                && old.keyed() == here.keyed()
                && old.remote().equals(address(remote))
                && old.udpPort() == udpPort
                && old.mtuBytes() == mtuBytes
                && old.guestMtuBytes() == here.mtuBytes()
                && old.tos().equals(here.tos())
                && old.arrivalTag() == arrivalTag();
        translation.output(
                remote,
                same
                        ? (Action.Tunnel) Objects.requireNonNull(before())
                        : new Action.Tunnel(
                                kind,
                                here.tunnelId(),
                                here.keyed(),
                                address(remote),
                                udpPort,
                                mtuBytes,
                                here.mtuBytes(),
                                here.tos(),
                                arrivalTag(),
                                remote.traffic().sent()));
    }

    /** What follows goes to many places, and the port may send so many of such frames a second. */
    void limitFlood(int framesPerSecond) {
        translation.add(
                before() instanceof Action.LimitFlood old && old.framesPerSecond() == framesPerSecond
                        ? old
                        : new Action.LimitFlood(framesPerSecond));
    }

    void clampMss(int mtuBytes) {
        translation.add(
                before() instanceof Action.ClampMss old && old.mtuBytes() == mtuBytes
                        ? old
                        : new Action.ClampMss(mtuBytes));
    }

    void answerArp(long mac) {
        translation.add(before() instanceof Action.AnswerArp old && old.mac() == mac ? old : new Action.AnswerArp(mac));
    }

    void answerNeighbour(long mac, boolean router) {
        translation.add(
                before() instanceof Action.AnswerNeighbour old && old.mac() == mac && old.router() == router
                        ? old
                        : new Action.AnswerNeighbour(mac, router));
    }

    void answerEcho() {
        translation.add(ANSWER_ECHO);
    }

    void toDhcp() {
        int id = network().id();
        translation.add(before() instanceof Action.ToDhcp old && old.network() == id ? old : new Action.ToDhcp(id));
    }

    /** Why the frame is dropped, should nobody take it. */
    void drop(DropReason reason) {
        translation.drop(reason);
    }
}
