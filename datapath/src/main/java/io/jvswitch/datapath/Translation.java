package io.jvswitch.datapath;

import io.jvswitch.flowtable.Fdb;
import io.jvswitch.flowtable.FlowField;
import io.jvswitch.flowtable.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.VlanTag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the {@link BridgeTranslator}: the frame's key, what is known of it so far, and the actions gathered. */
final class Translation {

    private final FlowReader key;
    private final Snapshot snapshot;
    private final Translator.@Nullable Trace trace;
    private final List<Action> actions = new ArrayList<>(4);
    private @Nullable BridgeDomain domain;
    private @Nullable LocalPort port;
    private @Nullable Vtep vtep;
    private Verdict.@Nullable Source source;
    private @Nullable IpAddress newVtep;
    private long fdbVersion;
    private int arrivalTag;

    Translation(FlowReader key, Snapshot snapshot, Translator.@Nullable Trace trace) {
        this.key = key;
        this.snapshot = snapshot;
        this.trace = trace;
    }

    FlowReader key() {
        return key;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** The frame came from a guest. */
    void arrivedBy(LocalPort arrivalPort, BridgeDomain arrivalDomain) {
        port = arrivalPort;
        enter(arrivalDomain);
    }

    /** The frame came from a tunnel; the VTEP is null when it is unknown and allowed. */
    void arrivedBy(@Nullable Vtep arrivalVtep, BridgeDomain arrivalDomain) {
        vtep = arrivalVtep;
        enter(arrivalDomain);
    }

    private void enter(BridgeDomain arrivalDomain) {
        domain = arrivalDomain;
        fdbVersion = arrivalDomain.fdb().version();
    }

    /** The frame came from a VTEP that is accepted and not known yet. */
    void setNewVtep(IpAddress address) {
        newVtep = address;
    }

    BridgeDomain domain() {
        if (domain == null) {
            throw new IllegalStateException("translation went on without a network");
        }
        return domain;
    }

    /** The port of arrival, null for a frame from a tunnel. */
    @Nullable
    LocalPort port() {
        return port;
    }

    /** The VTEP of arrival, null for a frame from a guest, or from an unknown VTEP. */
    @Nullable
    Vtep vtep() {
        return vtep;
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

    /** The VLAN id of the guest's own tag, 0 without a tag. */
    int vlan() {
        return (int) key.get(guestTag(), VlanTag.VID_MASK);
    }

    boolean tracing() {
        return trace != null;
    }

    void say(String text) {
        if (trace != null) {
            trace.step(text);
        }
    }

    void add(Action action) {
        actions.add(action);
    }

    boolean hasActions() {
        return !actions.isEmpty();
    }

    void setSource(Verdict.Source newSource) {
        source = newSource;
    }

    Verdict drop(DropReason reason) {
        actions.clear();
        actions.add(new Action.Drop(reason));
        if (trace != null) {
            trace.step("drop: " + reason.label() + ". " + reason.meaning() + " " + reason.remedy());
        }
        return verdict();
    }

    Verdict verdict() {
        Fdb fdb = domain == null ? null : domain.fdb();
        return new Verdict(
                actions, domain == null ? -1 : domain.id(), source, newVtep, snapshot.version(), fdb, fdbVersion);
    }
}
