package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.DropReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One translation: from one frame's key to what is done with every frame like it. The bridge of the port that the frame
 * came in by decides ({@link #run}), by its {@link Translator}, which reads and writes {@link #key}, adds actions, and
 * says what the verdict depends on and whom it credits.
 *
 * <p>Reusable: a worker has one and begins it again for every frame. Actions that the flow's last verdict had in the
 * same place are taken from there, so that a translation that comes to the same verdict allocates nothing. Owned by one
 * thread.
 */
public final class Translation {

    /** Patch ports and tables entered one inside the other, at most: as many as Open vSwitch allows. */
    public static final int MAX_DEPTH = 64;

    /** Patch ports and tables entered in all, at most. */
    public static final int MAX_RESUBMITS = 4_096;

    /** What a bridge notes for itself: not seen beyond a patch port, as in Open vSwitch. */
    private static final List<FlowField> NOTES_OF_A_BRIDGE = Arrays.stream(FlowField.values())
            .filter(field -> field.region() == FlowField.Region.PIPELINE)
            .filter(field -> field != FlowField.PKT_MARK && field != FlowField.SKB_PRIORITY)
            .toList();

    private FlowReader key = new FlowReader();
    private Snapshot snapshot = Snapshot.empty();
    private Translator.@Nullable Trace trace;
    private @Nullable Verdict last;
    private long rulesVersion;

    // ---- where it is ----

    private final ScopeStack scopes = new ScopeStack();
    private int depth;
    private int resubmits;

    // ---- what it came to ----

    private final Recirculations recirculations;
    private final ActionList actions = new ActionList();
    private @Nullable DropReason dropReason;
    private boolean failed;
    /** How much of the frame outputs give, 0 for all of it. */
    private int outputBytes;
    /** Bits of header fields that are written in the key and not yet in the frame. */
    private final FlowMask unset = new FlowMask();

    private final Evidence evidence = new Evidence();
    private final List<News> news = new ArrayList<>();
    private int network;
    private final SharedActions shared = new SharedActions();

    /** Nothing to translate yet: {@link #begin}. */
    public Translation() {
        this(new Recirculations());
    }

    /**
     * Nothing to translate yet: {@link #begin}.
     *
     * @param recirculations of the same thread
     */
    public Translation(Recirculations recirculations) {
        this.recirculations = recirculations;
    }

    /**
     * Starts on another frame.
     *
     * @param newKey its key
     * @param newSnapshot the state to translate against
     * @param newTrace told each step, null when nobody listens
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
        rulesVersion = newSnapshot.rules().current();
        scopes.clear();
        depth = 0;
        resubmits = 0;
        actions.begin(lastVerdict);
        dropReason = null;
        failed = false;
        outputBytes = 0;
        unset.clear();
        evidence.clear();
        news.clear();
        network = -1;
    }

    /** Translates one frame by itself, for whoever wants to know and not to act. */
    public static Verdict of(FlowReader key, Snapshot snapshot, Translator.@Nullable Trace trace) {
        Translation translation = new Translation();
        translation.begin(key, snapshot, trace, null);
        translation.run();
        return translation.verdict(translation.copyOfActions());
    }

    /**
     * Lets the bridge decide that the port of arrival belongs to; of a frame that comes back, the one that sent it
     * round.
     */
    public void run() {
        int id = (int) key.get(FlowField.RECIRC_ID);
        if (id == 0) {
            arrive();
        } else {
            resume(id);
        }
    }

    private void resume(int id) {
        Recirculation frozen = recirculations.find(id);
        Bridge bridge = frozen == null ? null : snapshot.bridge(frozen.state().bridge());
        Port port = frozen == null ? null : snapshot.port(frozen.state().port());
        if (frozen == null || bridge == null || port == null) {
            if (tracing()) {
                say("what the frame came back for (0x" + Integer.toHexString(id) + ") is no longer there");
            }
            drop(DropReason.RECIRCULATION_LOST);
            return;
        }
        frozen.useIn(recirculations.round());
        key.get(FlowField.PACKET_TYPE); // what is done with an Ethernet header is for none that has no such
        frozen.state().restoreNotes(key);
        if (port.number() != (int) key.get(FlowField.IN_PORT)) {
            key.set(FlowField.IN_PORT, port.number());
        }
        open(bridge, port);
        scope().setMirrored(frozen.state().mirrored());
        frozen.state().rest().resume(this);
    }

    private void arrive() {
        int number = (int) key.get(FlowField.IN_PORT);
        boolean fromUnderlay = number == Locations.UNDERLAY;
        Port port = fromUnderlay ? snapshot.arrival(key) : snapshot.port(number);
        Bridge bridge = port == null ? null : snapshot.bridge(port.bridge());
        if (port == null || bridge == null) {
            if (tracing()) {
                say(
                        fromUnderlay
                                ? "no tunnel port takes what comes with this key from this remote"
                                : "in_port " + number + " is attached to no network");
            }
            drop(fromUnderlay ? DropReason.TUNNEL_UNKNOWN_KEY : DropReason.NO_NETWORK);
            return;
        }
        if (port instanceof Port.Tunnel tunnel) {
            credit(tunnel.traffic().received());
            if (number != tunnel.number()) {
                key.set(FlowField.IN_PORT, tunnel.number());
            }
        }
        enter(bridge, port);
    }

    // ---- what there is to go by ----

    /** The frame's key: reading un-wildcards what the translation has not written. */
    public FlowReader key() {
        return key;
    }

    /** The state to translate against. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** The version at which rules are looked up. */
    public long rulesVersion() {
        return rulesVersion;
    }

    /** The bridge that decides now, and the port of it that the frame came in by. */
    public Scope scope() {
        return scopes.current();
    }

    /** The translator's own notes in this scope, as its last user left them. */
    public <T> T scratch(Scratch<T> kind) {
        return scopes.scratch(kind);
    }

    public boolean tracing() {
        return trace != null;
    }

    /** Tells the trace a step in words; ask {@link #tracing} before words are made. */
    public void say(String text) {
        if (trace != null) {
            trace.event(new TraceEvent.Note(depth, text));
        }
    }

    /**
     * Tells the trace which rule of a table was found.
     *
     * @param rule as the bridge's users write it, null when none was found
     */
    public void sayRule(int table, @Nullable String rule) {
        if (trace != null) {
            trace.event(new TraceEvent.Table(depth, scope().bridge().name(), table, rule));
        }
    }

    // ---- going on elsewhere ----

    private void open(Bridge bridge, Port port) {
        scopes.open(bridge, port);
        if (trace != null) {
            trace.event(new TraceEvent.Entered(depth, bridge.name(), port.name()));
        }
    }

    /** Lets a bridge decide about a frame that comes in by one of its ports, once its mirrors have seen it. */
    private void enter(Bridge bridge, Port port) {
        open(bridge, port);
        Mirrors mirrors = bridge.mirrors();
        if (mirrors != null) {
            int isolated = isolate();
            boolean allowed = mirrors.arrive(this);
            endIsolation(isolated);
            if (!allowed) {
                if (tracing()) {
                    say("port " + port.name() + " is a mirror's output: what comes in by it is nobody's");
                }
                drop(DropReason.MIRROR_PORT);
                return;
            }
        }
        bridge.translator().translate(this);
    }

    /** Lets the bridge's mirrors see what has left by a port. */
    private void showLeaving(int port) {
        Mirrors mirrors = scope().bridge().mirrors();
        if (mirrors == null || !mirrors.watches(port)) {
            return;
        }
        int written = key.save();
        int isolated = isolate();
        int tags = actions.tagsWritten();
        actions.writeTagsTo(key);
        mirrors.leave(this, port);
        endIsolation(isolated);
        key.restore(written);
        actions.restoreTagsWritten(tags);
    }

    /**
     * Goes one level deeper, into a table or through a patch port; {@link #ascend} comes back.
     *
     * @return false when that is deeper, or more often, than any frame may go: then the frame is dropped whatever was
     *     to be done with it, and the translator returns
     */
    public boolean descend() {
        if (failed) {
            return false;
        }
        if (depth == MAX_DEPTH || resubmits == MAX_RESUBMITS) {
            actions.clear();
            drop(DropReason.TRANSLATION_TOO_DEEP);
            failed = true;
            return false;
        }
        depth++;
        resubmits++;
        return true;
    }

    /** Comes back from where {@link #descend} went. */
    public void ascend() {
        depth--;
    }

    /**
     * Goes on in the bridge at the other end of a patch port; what that does to the frame is not seen when it returns.
     */
    private void cross(Port.Patch patch) {
        Port peer = snapshot.port(patch.peer());
        Bridge bridge = peer == null ? null : snapshot.bridge(peer.bridge());
        if (!(peer instanceof Port.Patch back) || back.peer() != patch.number() || bridge == null) {
            if (tracing()) {
                say("patch port " + patch.name() + " has no peer");
            }
            drop(DropReason.PORT_DOWN);
            return;
        }
        if (!descend()) {
            return;
        }
        int written = key.save();
        int isolated = isolate();
        int tags = actions.tagsWritten();
        actions.writeTagsTo(key);
        key.set(FlowField.IN_PORT, peer.number());
        for (int i = 0; i < NOTES_OF_A_BRIDGE.size(); i++) {
            key.set(NOTES_OF_A_BRIDGE.get(i), 0);
        }
        enter(bridge, peer);
        scopes.close();
        ascend();
        endIsolation(isolated);
        key.restore(written);
        actions.restoreTagsWritten(tags);
    }

    /**
     * What is done to the frame from here to {@link #endIsolation} is not seen by what comes after: NORMAL leaves the
     * frame as it was, and so does a peer's bridge.
     */
    public int isolate() {
        setFields();
        return actions.isolate();
    }

    /** Ends what {@link #isolate} began. */
    public void endIsolation(int begun) {
        unset.clear();
        actions.endIsolation(begun);
    }

    // ---- what the verdict depends on, and whom it credits ----

    /** The verdict holds as long as this has the version that it has now: to be called before it is looked at. */
    public void dependOn(Dependency dependency) {
        evidence.dependOn(dependency, dependency.version(key.arrived()));
    }

    /** The verdict holds as long as the table is as it was at {@link #rulesVersion}. */
    public void dependOn(TableVersion table) {
        // one that has changed for a version that this translation does not see is stale as soon as it is made
        evidence.dependOn(table, Math.min(table.changedAcquire(), rulesVersion));
    }

    /** The frames are this one's, too. */
    public void credit(Credit credit) {
        evidence.credit(credit);
    }

    /** Where the frame's destination was learnt, or {@link Fdb#UNKNOWN}; the verdict then depends on it. */
    public int lookUpDestination(Fdb fdb, int vlan) {
        return evidence.lookUpDestination(fdb, vlan, key);
    }

    /**
     * The frame's source is at its place of arrival, which keeps it from ageing there while frames of the flow come.
     *
     * @return false when the MAC table does not say so (yet)
     */
    public boolean creditSource(Fdb fdb, int vlan, int location) {
        return evidence.creditSource(fdb, vlan, location, key.get(FlowField.ETH_SRC));
    }

    /** The conductor must know this before a megaflow may take the place of translation. */
    public void tell(News what) {
        news.add(what);
    }

    /** What the conductor must be told. */
    public List<News> news() {
        return news;
    }

    /** The network that the frame is of, for who lists flows: that of the first bridge that knows networks. */
    public void setNetwork(int id) {
        network = network < 0 ? id : network;
    }

    // ---- actions ----

    /** What the last verdict had in the place of the next action: an equal one need not be made again. */
    public @Nullable Action previous() {
        int place = actions.size();
        return last != null && place < last.size() ? last.action(place) : null;
    }

    /** Appends an action; fields that were {@link #set} are set in the frame before it, should it make a difference. */
    public void add(Action action) {
        if (failed) {
            return;
        }
        if (action instanceof Action.Delivery || action instanceof Action.Change) {
            setFields();
        }
        append(action);
    }

    private void append(Action action) {
        actions.add(action);
        if (trace != null) {
            trace.event(new TraceEvent.Decided(depth, action));
        }
    }

    /**
     * Sets bits of a field: at once in {@link #key}, and in the frame, where it is a header's, before something takes
     * it or changes its headers. So a field that is set many times is written once.
     *
     * @param hi the value's high half, for a 128-bit field
     * @param lo the value, or its low half
     * @param maskHi ones where the high half is set
     * @param maskLo ones where the value is set
     */
    public void set(FlowField field, long hi, long lo, long maskHi, long maskLo) {
        key.set(field, hi, lo, maskHi, maskLo);
        if (SetField.WRITABLE.contains(field)) {
            unset.bits(field, maskHi, maskLo);
        }
    }

    /** {@link #set(FlowField, long, long, long, long)} for a whole field of at most 64 bits. */
    public void set(FlowField field, long value) {
        set(field, 0, value, 0, field.ones());
    }

    private void setFields() {
        if (failed || unset.isEmpty()) {
            return;
        }
        for (FlowField field : SetField.WRITABLE) {
            long maskHi = unset.getHi(field);
            long maskLo = unset.get(field);
            if ((maskHi | maskLo) != 0) {
                long hi = key.current().getHi(field) & maskHi;
                long lo = key.current().get(field) & maskLo;
                boolean same = previous() instanceof SetField old
                        && old.field() == field
                        && old.hi() == hi
                        && old.lo() == lo
                        && old.maskHi() == maskHi
                        && old.maskLo() == maskLo;
                append(same ? Objects.requireNonNull(previous()) : new SetField(field, hi, lo, maskHi, maskLo));
            }
        }
        unset.clear();
    }

    /**
     * Leaves by a port of the bridge, or goes on in another one where it is a patch port. What a tunnel port does not
     * fix is as the translation has written it.
     */
    public void output(int number) {
        if (!scope().bridge().permits((int) key.get(FlowField.IN_PORT), number)) {
            if (tracing()) {
                say("port " + number + " and the port of arrival are isolated: they exchange nothing");
            }
            drop(DropReason.PORTS_ISOLATED);
            return;
        }
        Port port = snapshot.port(number);
        if (port instanceof Port.Patch patch) {
            if (outputBytes > 0) {
                if (tracing()) {
                    say("what is cut short does not cross patch port " + patch.name());
                }
                return;
            }
            cross(patch);
            showLeaving(number);
        } else if (port instanceof Port.Tunnel tunnel) {
            setFields(); // so that the action's place is the one that it will have
            Action.Tunnel action = TunnelOutput.of(tunnel, key, previous());
            if (action == null) {
                if (tracing()) {
                    say("tunnel port " + tunnel.name() + " has no remote address, and the frame brings none");
                }
                drop(DropReason.NO_DESTINATION);
            } else {
                output(tunnel, action);
            }
        } else {
            deliver(shared.output(number));
            showLeaving(number);
        }
    }

    /**
     * From here on outputs give no more than a frame's first bytes, and none cross patch ports; what only comes back is
     * not cut short.
     *
     * @param maxBytes as {@link Action.Truncate} has it, 0 for all of a frame
     * @return what it was before
     */
    public int limitOutputs(int maxBytes) {
        int before = outputBytes;
        outputBytes = maxBytes;
        return before;
    }

    private void deliver(Action.Delivery delivery) {
        if (outputBytes > 0) {
            setFields();
            add(shared.truncate(outputBytes));
        }
        add(delivery);
    }

    /**
     * Leaves by a tunnel port of the bridge, for who knows more of how than the port does.
     *
     * @param action to the port's remote, on the port's account
     */
    public void output(Port.Tunnel port, Action.Tunnel action) {
        deliver(action);
        showLeaving(port.number());
    }

    /**
     * The frame comes back, as it is then, and {@code rest} goes on with it; what follows here does not wait for that.
     */
    public void recirculate(Continuation rest) {
        add(recirculations.of(scope(), rest, key).action());
    }

    /** Notes the hash of addresses, protocol and ports in the frame, for who reads it when the frame comes back. */
    public void noteHash(int basis) {
        add(shared.hash(basis));
    }

    /** Takes the outermost tag off. */
    public void popVlan() {
        add(SharedActions.POP_VLAN);
    }

    /** Has {@link #key} show the tags as the actions so far leave them: for who reads them after he changed them. */
    public void writeTags() {
        actions.writeTagsTo(key);
    }

    /** How many more tags the frame has by the actions so far than it came with; negative when it has fewer. */
    public int tagsAdded() {
        return actions.tagsAdded();
    }

    /** Puts a tag on, before any other. */
    public void pushVlan(int tpid, int pcp, int vid) {
        add(shared.pushVlan(tpid, pcp, vid));
    }

    /** Why the frame is dropped, should nobody take it; the last reason given counts. */
    public void drop(DropReason reason) {
        if (failed) {
            return;
        }
        dropReason = reason;
        if (trace != null) {
            trace.event(new TraceEvent.Dropped(depth, reason));
        }
    }

    // ---- the verdict ----

    /** Null when somebody takes the frame. */
    private @Nullable DropReason dropReason() {
        if (actions.effectiveSize() > 0) {
            return null;
        }
        return dropReason == null ? DropReason.NO_OUTPUT : dropReason;
    }

    /** Whether this came to what a verdict says. */
    public boolean agreesWith(Verdict verdict) {
        if (verdict.network() != network
                || verdict.size() != actions.effectiveSize()
                || !verdict.drops(dropReason())
                || !evidence.isSame(verdict.evidence())) {
            return false;
        }
        for (int i = 0; i < actions.effectiveSize(); i++) {
            if (!actions.get(i).equals(verdict.action(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether these are the actions gathered. */
    boolean hasActions(Action[] list) {
        return actions.isSame(list);
    }

    int actionsHash() {
        return actions.hash();
    }

    /** The hash of all that {@link #agreesWith} compares. */
    int hash(int actionsHash) {
        long hash = actionsHash * 31L + network;
        hash = hash * 31 + Objects.hashCode(dropReason());
        hash = (hash ^ evidence.hash()) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (hash >>> 40);
    }

    Action[] copyOfActions() {
        return actions.copy();
    }

    /** The verdict, with a list of actions that {@link #hasActions}. */
    Verdict verdict(Action[] list) {
        return new Verdict(list, dropReason(), network, evidence.copy());
    }

    /** The epoch that the verdict was made in. */
    public long epoch() {
        return Verdict.epoch(snapshot.version(), evidence.versions());
    }
}
