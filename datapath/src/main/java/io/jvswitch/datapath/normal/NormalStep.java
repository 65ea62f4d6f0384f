package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Scratch;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.VlanTag;
import java.util.ArrayList;
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
    private static final NormalBridge NOWHERE = new NormalBridge(0, "", List.of(), List.of(), List.of());

    private final List<NetworkPort> taggedPorts = new ArrayList<>();
    private Translation translation = new Translation();
    private NormalBridge bridge = NOWHERE;
    private @Nullable Network network;
    private @Nullable NetworkPort port;
    private @Nullable Vtep vtep;
    private boolean sourceUnknown;
    private int arrivalTag;

    private NormalStep() {}

    /** Starts on a frame in a bridge. */
    void begin(Translation newTranslation, NormalBridge newBridge) {
        translation = newTranslation;
        bridge = newBridge;
        taggedPorts.clear();
        network = null;
        port = null;
        vtep = null;
        sourceUnknown = false;
        arrivalTag = 0;
    }

    NormalBridge bridge() {
        return bridge;
    }

    /** The frame's key; reading un-wildcards. */
    FlowReader key() {
        return translation.key();
    }

    // ---- what is known of the frame ----

    /** Number of the port that the frame came in by. */
    int inPort() {
        return translation.scope().port().number();
    }

    /** The frame came from a guest. */
    void arrivedBy(NetworkPort arrivalPort, Network arrivalNetwork) {
        port = arrivalPort;
        network = arrivalNetwork;
        translation.setNetwork(arrivalNetwork.id());
    }

    /** The frame came from a tunnel; the VTEP is null when it is unknown and allowed. */
    void arrivedBy(@Nullable Vtep arrivalVtep, Network arrivalNetwork) {
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
        return vtep != null ? Locations.ofVtep(vtep.index()) : Locations.NONE;
    }

    /** The frame has a tag of the cable's: TPID and TCI. */
    void setArrivalTag(int tag) {
        arrivalTag = tag;
    }

    /** TPID and TCI of the cable's tag, 0 without one. */
    int arrivalTag() {
        return arrivalTag;
    }

    /** Where the guest's own tag is. */
    FlowField guestTag() {
        return arrivalTag == 0 ? FlowField.VLAN_TCI : FlowField.VLAN_TCI_INNER;
    }

    /**
     * The VLAN id of the guest's own tags, 0 without one. A receiver strips tags that have no VLAN, so what counts is
     * the first that has one; a third, which the key does not have, is {@link IngressPolicy}'s business.
     */
    int vlan() {
        int tci = (int) key().get(guestTag(), FlowField.VLAN_PRESENT | VlanTag.VID_MASK);
        int vid = tci & VlanTag.VID_MASK;
        return vid == 0 && tci != 0 && arrivalTag == 0
                ? (int) key().get(FlowField.VLAN_TCI_INNER, VlanTag.VID_MASK)
                : vid;
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

    /** The frame's source is at its place of arrival: to be learnt, unless the MAC table says so already. */
    void sourceIsHere() {
        Network here = network();
        int vlan = vlan();
        sourceUnknown = !translation.creditSource(here.fdb(), vlan, location());
        if (sourceUnknown) {
            translation.tell(
                    new NormalNews.Learn(here.id(), here.fdb(), key().get(FlowField.ETH_SRC), vlan, location()));
        }
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

    /** Leaves by a local port. */
    void output(int number) {
        translation.output(number);
    }

    /** Largest inner IP packet that the network's tunnel takes to a VTEP. */
    int mtuTo(TunnelKind kind, Vtep remote) {
        Network here = network();
        boolean ipv6 = !remote.address().isIpv4();
        return Math.min(here.mtuBytes(), EffectiveMtu.of(kind, here.keyed(), ipv6, remote.pathMtuBytes()));
    }

    /** {@link #mtuTo} of the VTEP that the frame came from; of an unknown one, what the network's guests may send. */
    int mtuBack() {
        TunnelKind kind = network().tunnel();
        Vtep from = vtep;
        return kind == null || from == null ? network().mtuBytes() : mtuTo(kind, from);
    }

    /** Leaves by the network's tunnel to a VTEP. */
    void tunnel(TunnelKind kind, Vtep remote) {
        Network here = network();
        int mtuBytes = mtuTo(kind, remote);
        int udpPort = kind == TunnelKind.GRE ? 0 : remote.udpPort();
        boolean same = before() instanceof Action.Tunnel old
                && old.kind() == kind
                && old.id() == here.tunnelId()
                && old.keyed() == here.keyed()
                && old.remote().equals(remote.address())
                && old.udpPort() == udpPort
                && old.mtuBytes() == mtuBytes
                && old.guestMtuBytes() == here.mtuBytes()
                && old.tos().equals(here.tos())
                && old.arrivalTag() == arrivalTag;
        translation.add(
                same
                        ? Objects.requireNonNull(before())
                        : new Action.Tunnel(
                                kind,
                                here.tunnelId(),
                                here.keyed(),
                                remote.address(),
                                udpPort,
                                mtuBytes,
                                here.mtuBytes(),
                                here.tos(),
                                arrivalTag));
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

    void popVlan() {
        translation.popVlan();
    }

    void pushVlan(int tpid, int pcp, int vid) {
        translation.pushVlan(tpid, pcp, vid);
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

    /** Scratch: ports that a tag of the cable's must be put on for. Empty when a translation begins. */
    List<NetworkPort> taggedPorts() {
        return taggedPorts;
    }
}
