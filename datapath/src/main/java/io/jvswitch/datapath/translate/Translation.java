package io.jvswitch.datapath.translate;

import io.jvswitch.datapath.normal.IngressPolicy;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.VlanTag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link Translator}: the frame's key, what is known of it so far, and the actions gathered.
 *
 * <p>Reusable: a worker has one and begins it again for every frame. Actions that the flow's last verdict had in the
 * same place are taken from there, so that a translation that comes to the same verdict allocates nothing. Owned by one
 * thread.
 */
public final class Translation {

    private static final Action POP_VLAN = new Action.PopVlan();
    private static final Action ANSWER_ECHO = new Action.AnswerEcho();

    private FlowReader key = new FlowReader();
    private Snapshot snapshot = Snapshot.empty();
    private Translator.@Nullable Trace trace;
    private @Nullable Verdict last;
    private Action[] actions = new Action[8];
    private int size;
    /** How many actions there are up to the last that takes the frame: what follows does nothing. */
    private int effectiveSize;

    private @Nullable DropReason dropReason;
    /** Made once for each port: a flood to many ports is then a list of references. */
    private Action.@Nullable Output[] outputs = new Action.Output[16];

    private final List<LocalPort> taggedPorts = new ArrayList<>();
    private @Nullable Network network;
    private @Nullable LocalPort port;
    private @Nullable Vtep vtep;
    private @Nullable IpAddress newVtep;
    private int asked;
    private long fdbVersions;
    private long sourceMac;
    private int sourceLocation;
    private boolean sourceUnknown;
    private int arrivalTag;
    private long roleMac;
    private boolean roleRouter;

    /** Nothing to translate yet: {@link #begin}. */
    public Translation() {}

    /**
     * Starts on another frame.
     *
     * @param newKey its key
     * @param newSnapshot the state to translate against
     * @param newTrace told each step in words, null when nobody listens
     * @param lastVerdict what translation said of the flow before, null when it is new
     */
    public void begin(
            FlowReader newKey,
            Snapshot newSnapshot,
            Translator.@Nullable Trace newTrace,
            @Nullable Verdict lastVerdict) {
        key = newKey;
        snapshot = newSnapshot;
        trace = newTrace;
        last = lastVerdict;
        size = 0;
        effectiveSize = 0;
        dropReason = null;
        taggedPorts.clear();
        network = null;
        port = null;
        vtep = null;
        newVtep = null;
        asked = 0;
        fdbVersions = 0;
        sourceMac = 0;
        sourceLocation = Locations.NONE;
        sourceUnknown = false;
        arrivalTag = 0;
        roleMac = 0;
    }

    /** The frame's key; reading un-wildcards. */
    public FlowReader key() {
        return key;
    }

    /** The state to translate against. */
    public Snapshot snapshot() {
        return snapshot;
    }

    // ---- what is known of the frame ----

    /** The frame came from a guest. */
    public void arrivedBy(LocalPort arrivalPort, Network arrivalNetwork) {
        port = arrivalPort;
        network = arrivalNetwork;
    }

    /** The frame came from a tunnel; the VTEP is null when it is unknown and allowed. */
    public void arrivedBy(@Nullable Vtep arrivalVtep, Network arrivalNetwork) {
        vtep = arrivalVtep;
        network = arrivalNetwork;
    }

    /** The frame came from a VTEP that is accepted and not known yet. */
    public void setNewVtep(IpAddress address) {
        newVtep = address;
    }

    /** A VTEP that the conductor must give an index to, so that it can be learnt from; null where none is. */
    @Nullable
    public IpAddress newVtep() {
        return newVtep;
    }

    public Network network() {
        if (network == null) {
            throw new IllegalStateException("translation went on without a network");
        }
        return network;
    }

    /** The port of arrival, null for a frame from a tunnel. */
    @Nullable
    public LocalPort port() {
        return port;
    }

    /** Where the frame came from, as the MAC table knows places. */
    public int location() {
        if (port != null) {
            return port.number();
        }
        return vtep != null ? Locations.ofVtep(vtep.index()) : Locations.NONE;
    }

    /** The frame has a tag of the cable's: TPID and TCI. */
    public void setArrivalTag(int tag) {
        arrivalTag = tag;
    }

    /** TPID and TCI of the cable's tag, 0 without one. */
    public int arrivalTag() {
        return arrivalTag;
    }

    /** Where the guest's own tag is. */
    public FlowField guestTag() {
        return arrivalTag == 0 ? FlowField.VLAN_TCI : FlowField.VLAN_TCI_INNER;
    }

    /**
     * The VLAN id of the guest's own tags, 0 without one. A receiver strips tags that have no VLAN, so what counts is
     * the first that has one; a third, which the key does not have, is {@link IngressPolicy}'s business.
     */
    public int vlan() {
        int tci = (int) key.get(guestTag(), FlowField.VLAN_PRESENT | VlanTag.VID_MASK);
        int vid = tci & VlanTag.VID_MASK;
        return vid == 0 && tci != 0 && arrivalTag == 0
                ? (int) key.get(FlowField.VLAN_TCI_INNER, VlanTag.VID_MASK)
                : vid;
    }

    public boolean tracing() {
        return trace != null;
    }

    public void say(String text) {
        if (trace != null) {
            trace.step(text);
        }
    }

    // ---- what the MAC table says; the verdict then depends on it ----

    /** Where the frame's destination was learnt, or {@link Fdb#UNKNOWN}. */
    public int learntDestination() {
        Fdb fdb = network().fdb();
        long mac = key.get(FlowField.ETH_DST);
        int vlan = vlan();
        asked |= Verdict.DESTINATION;
        fdbVersions += fdb.version(mac, vlan);
        return fdb.lookup(mac, vlan);
    }

    /** The frame's source is at its place of arrival: to be learnt, unless the MAC table says so already. */
    public void sourceIsHere() {
        Fdb fdb = network().fdb();
        int vlan = vlan();
        sourceMac = key.get(FlowField.ETH_SRC);
        sourceLocation = location();
        asked |= Verdict.SOURCE;
        fdbVersions += fdb.version(sourceMac, vlan);
        sourceUnknown = fdb.lookup(sourceMac, vlan) != sourceLocation;
    }

    /** Whether the source is not yet known to be where the frame came from. */
    public boolean isSourceUnknown() {
        return sourceUnknown;
    }

    /** Whether a frame must tell the conductor something before a megaflow may take its place. */
    public boolean teaches() {
        return newVtep != null || sourceUnknown || roleMac != 0;
    }

    /** The sender says of itself whether it routes, and that is news. */
    public void setNewRole(long mac, boolean router) {
        roleMac = mac;
        roleRouter = router;
    }

    /** Whether the sender's role is news: {@link #role}. */
    public boolean hasNewRole() {
        return roleMac != 0;
    }

    /** What the conductor is to learn of the sender's role. */
    public ConductorEvent.Role role() {
        return new ConductorEvent.Role(network().id(), roleMac, location(), roleRouter);
    }

    /** What the conductor is to learn of the source. */
    public ConductorEvent.Learn lesson(long nowNs) {
        Network network = network();
        return new ConductorEvent.Learn(network.id(), network.fdb(), sourceMac, vlan(), sourceLocation, nowNs);
    }

    // ---- actions ----

    /** What the last verdict had in the place of the next action. */
    private @Nullable Action before() {
        return last != null && size < last.size() ? last.action(size) : null;
    }

    /** Appends an action. */
    public void add(Action action) {
        if (size == actions.length) {
            actions = Arrays.copyOf(actions, 2 * size);
        }
        actions[size++] = action;
        if (action instanceof Action.Delivery) {
            effectiveSize = size;
        }
    }

    /** Leaves by a local port. */
    public void output(int number) {
        if (number >= outputs.length) {
            outputs = Arrays.copyOf(outputs, Math.max(number + 1, 2 * outputs.length));
        }
        Action.Output output = outputs[number];
        if (output == null) {
            output = new Action.Output(number);
            outputs[number] = output;
        }
        add(output);
    }

    /** Largest inner IP packet that the network's tunnel takes to a VTEP. */
    public int mtuTo(TunnelKind kind, Vtep remote) {
        Network network = network();
        boolean ipv6 = !remote.address().isIpv4();
        return Math.min(network.mtuBytes(), EffectiveMtu.of(kind, network.keyed(), ipv6, remote.pathMtuBytes()));
    }

    /** {@link #mtuTo} of the VTEP that the frame came from; of an unknown one, what the network's guests may send. */
    public int mtuBack() {
        TunnelKind kind = network().tunnel();
        Vtep from = vtep;
        return kind == null || from == null ? network().mtuBytes() : mtuTo(kind, from);
    }

    /** Leaves by the network's tunnel to a VTEP. */
    public void tunnel(TunnelKind kind, Vtep remote) {
        Network network = network();
        int mtuBytes = mtuTo(kind, remote);
        int udpPort = kind == TunnelKind.GRE ? 0 : remote.udpPort();
        boolean same = before() instanceof Action.Tunnel old
                && old.kind() == kind
                && old.id() == network.tunnelId()
                && old.keyed() == network.keyed()
                && old.remote().equals(remote.address())
                && old.udpPort() == udpPort
                && old.mtuBytes() == mtuBytes
                && old.guestMtuBytes() == network.mtuBytes()
                && old.tos().equals(network.tos())
                && old.arrivalTag() == arrivalTag;
        add(
                same
                        ? Objects.requireNonNull(before())
                        : new Action.Tunnel(
                                kind,
                                network.tunnelId(),
                                network.keyed(),
                                remote.address(),
                                udpPort,
                                mtuBytes,
                                network.mtuBytes(),
                                network.tos(),
                                arrivalTag));
    }

    /** What follows goes to many places, and the port may send so many of such frames a second. */
    public void limitFlood(int framesPerSecond) {
        add(
                before() instanceof Action.LimitFlood old && old.framesPerSecond() == framesPerSecond
                        ? old
                        : new Action.LimitFlood(framesPerSecond));
    }

    public void clampMss(int mtuBytes) {
        add(
                before() instanceof Action.ClampMss old && old.mtuBytes() == mtuBytes
                        ? old
                        : new Action.ClampMss(mtuBytes));
    }

    public void popVlan() {
        add(POP_VLAN);
    }

    public void pushVlan(int tpid, int pcp, int vid) {
        boolean same =
                before() instanceof Action.PushVlan old && old.tpid() == tpid && old.pcp() == pcp && old.vid() == vid;
        add(same ? Objects.requireNonNull(before()) : new Action.PushVlan(tpid, pcp, vid));
    }

    public void answerArp(long mac) {
        add(before() instanceof Action.AnswerArp old && old.mac() == mac ? old : new Action.AnswerArp(mac));
    }

    public void answerNeighbour(long mac, boolean router) {
        add(
                before() instanceof Action.AnswerNeighbour old && old.mac() == mac && old.router() == router
                        ? old
                        : new Action.AnswerNeighbour(mac, router));
    }

    public void answerEcho() {
        add(ANSWER_ECHO);
    }

    public void toDhcp() {
        int id = network().id();
        add(before() instanceof Action.ToDhcp old && old.network() == id ? old : new Action.ToDhcp(id));
    }

    /** Why the frame is dropped, should nobody take it; the last reason given counts. */
    public void drop(DropReason reason) {
        dropReason = reason;
        if (trace != null) {
            trace.dropped(reason);
        }
    }

    /** Scratch: ports that a tag of the cable's must be put on for. Empty when a translation begins. */
    public List<LocalPort> taggedPorts() {
        return taggedPorts;
    }

    // ---- the verdict ----

    private @Nullable Fdb askedFdb() {
        return asked == 0 ? null : network().fdb();
    }

    private int askedVlan() {
        return asked == 0 ? 0 : vlan();
    }

    private int networkId() {
        return network == null ? -1 : network.id();
    }

    /** Null when somebody takes the frame. */
    private @Nullable DropReason dropReason() {
        return effectiveSize > 0 ? null : dropReason == null ? DropReason.NO_OUTPUT : dropReason;
    }

    /** Whether this came to what a verdict says. */
    public boolean agreesWith(Verdict verdict) {
        if (verdict.network() != networkId()
                || verdict.size() != effectiveSize
                || !verdict.drops(dropReason())
                || !verdict.dependsOn(askedFdb(), asked, askedVlan(), sourceMac, sourceLocation)) {
            return false;
        }
        for (int i = 0; i < effectiveSize; i++) {
            if (!actions[i].equals(verdict.action(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether these are the actions gathered. */
    boolean hasActions(Action[] list) {
        return Arrays.equals(actions, 0, effectiveSize, list, 0, list.length);
    }

    int actionsHash() {
        int hash = effectiveSize;
        for (int i = 0; i < effectiveSize; i++) {
            hash = 31 * hash + actions[i].hashCode();
        }
        return hash;
    }

    /** The hash of all that {@link #agreesWith} compares. */
    int hash(int actionsHash) {
        long hash = (actionsHash * 31L + networkId()) * 31 + sourceLocation;
        hash = (hash * 31 + askedVlan()) * 31 + asked;
        hash = hash * 31 + Objects.hashCode(dropReason());
        hash = (hash ^ sourceMac) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (hash >>> 40);
    }

    Action[] copyOfActions() {
        return Arrays.copyOf(actions, effectiveSize);
    }

    /** The verdict, with a list of actions that {@link #hasActions}. */
    Verdict verdict(Action[] list) {
        return new Verdict(list, dropReason(), networkId(), askedFdb(), asked, askedVlan(), sourceMac, sourceLocation);
    }

    /** The epoch that the verdict was made in. */
    public long epoch() {
        return Verdict.epoch(snapshot.version(), fdbVersions);
    }
}
