package io.jvswitch.datapath.normal.vlan;

import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.VlanTag;

/**
 * A frame's VLAN tags on their way through a network (IEEE 802.1Q): which it has inside, as the port of arrival
 * understands what it came with; which it leaves with, as the port of departure wants them; and the actions that make
 * the one out of the other.
 *
 * <p>What the modes of Open vSwitch's ports do is what its {@code ofproto/trace} says of version 3.1, in every corner.
 * Nothing is looked at that the answer does not need: a tag that stays in its place is not read.
 *
 * <p>Reusable, allocates nothing, owned by one thread.
 */
public final class FrameTags {

    /** How many tags the key knows. */
    public static final int MAX_KNOWN = 2;

    private static final int PRIORITY_BITS = 0xe000;
    private static final int TPID_SHIFT = 16;

    private final TagStack inside = new TagStack();
    /** As the actions so far leave them. */
    private final TagStack current = new TagStack();

    private FlowReader key = new FlowReader();
    private int known = MAX_KNOWN;
    private boolean ofGuest;
    private int cableTag;

    /** Of no frame yet: {@link #begin}. */
    public FrameTags() {}

    /**
     * Starts on a frame, whose tags are a guest's until {@link #arrive} says otherwise.
     *
     * @param frame read only
     * @param knownTags how many tags are looked at, 0 to 2; those behind them are payload
     */
    public void begin(FlowReader frame, int knownTags) {
        key = frame;
        known = knownTags;
        ofGuest = true;
        cableTag = 0;
        inside.clear();
        current.clear();
    }

    // ---- in ----

    /**
     * The frame comes in by a port.
     *
     * @param untagged id of the network of frames without a tag of the cable's, {@link PortVlans#NONE} for none
     * @return the network's id, {@link PortVlans#REFUSED} when the frame is none that the port takes
     */
    public int arrive(PortVlans vlans, int untagged) {
        return switch (vlans.mode()) {
            case GUEST -> !vlans.hasList() || isListed(vlans, vlan()) ? untagged : PortVlans.REFUSED;
            case CABLE -> arriveByCable(vlans, untagged);
            case ACCESS, TRUNK, NATIVE_TAGGED, NATIVE_UNTAGGED, DOT1Q_TUNNEL -> {
                ofGuest = false;
                yield arriveByMode(vlans) ? untagged : PortVlans.REFUSED;
            }
        };
    }

    private static boolean isListed(PortVlans vlans, int vid) {
        return vid == 0 || vlans.lists(vid);
    }

    private int arriveByCable(PortVlans vlans, int untagged) {
        int vid = (int) key.get(FlowField.VLAN_TCI, FlowField.VLAN_PRESENT | VlanTag.VID_MASK) & VlanTag.VID_MASK;
        if (vid == 0) {
            return orRefused(untagged);
        }
        cableTag = vlans.tpid() << TPID_SHIFT | vid;
        inside.keep(1);
        return key.get(FlowField.VLAN_TPID) == vlans.tpid() ? orRefused(vlans.networkOf(vid)) : PortVlans.REFUSED;
    }

    private static int orRefused(int network) {
        return network == PortVlans.NONE ? PortVlans.REFUSED : network;
    }

    private boolean arriveByMode(PortVlans vlans) {
        int tci = known == 0 ? 0 : (int) key.get(FlowField.VLAN_TCI, FlowField.VLAN_PRESENT | VlanTag.VID_MASK);
        int vid = tci & VlanTag.VID_MASK;
        boolean tagged = tci != 0;
        return switch (vlans.mode()) {
            case ACCESS -> {
                inside.keep(tagged ? known : 0);
                inside.push(ofOwnVlan(vlans, tagged));
                yield vid == 0;
            }
            case NATIVE_TAGGED, NATIVE_UNTAGGED -> {
                if (vid == 0) {
                    inside.keep(tagged ? 1 : 0);
                    inside.push(ofOwnVlan(vlans, tagged));
                }
                yield vid == 0 || vlans.lists(vid);
            }
            case DOT1Q_TUNNEL -> {
                if (tagged && known == MAX_KNOWN && isThere(1)) {
                    // a service's tag and one of the customer's are all that a frame has inside
                    inside.keep(known);
                    inside.push(TagStack.OF_FRAME | vid);
                }
                inside.push(vlans.tpid() << TPID_SHIFT | vlans.vid());
                yield vlans.lists(vid);
            }
            case TRUNK, GUEST, CABLE -> vlans.lists(vid);
        };
    }

    private static int ofOwnVlan(PortVlans vlans, boolean tagged) {
        return (tagged ? TagStack.OF_FRAME : EtherType.VLAN << TPID_SHIFT) | vlans.vid();
    }

    // ---- inside ----

    /** TPID and VLAN id of the cable's tag that the frame came with, 0 without one. */
    public int cableTag() {
        return cableTag;
    }

    /** Where the guest's own tag is. */
    private FlowField guestTag() {
        return cableTag == 0 ? FlowField.VLAN_TCI : FlowField.VLAN_TCI_INNER;
    }

    /**
     * The VLAN id by which the network tells its VLANs apart, 0 for none. Of a guest's own tags a receiver strips those
     * that have no VLAN, so what counts is the first that has one; a third, which the key does not have, is the
     * business of whoever lets frames in.
     */
    public int vlan() {
        if (!ofGuest) {
            return vid(0);
        }
        int tci = (int) key.get(guestTag(), FlowField.VLAN_PRESENT | VlanTag.VID_MASK);
        int vid = tci & VlanTag.VID_MASK;
        return vid == 0 && tci != 0 && cableTag == 0 ? (int) key.get(FlowField.VLAN_TCI_INNER, VlanTag.VID_MASK) : vid;
    }

    /** The VLAN id of a tag that the frame has inside, counted from 0; 0 when there is none. */
    private int vid(int index) {
        return index < inside.count()
                ? inside.tag(index) & VlanTag.VID_MASK
                : ownVid(inside.kept() + index - inside.count());
    }

    private static FlowField tciOf(int index) {
        return index == 0 ? FlowField.VLAN_TCI : FlowField.VLAN_TCI_INNER;
    }

    private int ownVid(int index) {
        return index < known ? (int) key.get(tciOf(index), VlanTag.VID_MASK) : 0;
    }

    private boolean isThere(int index) {
        return index < known && key.test(tciOf(index), FlowField.VLAN_PRESENT);
    }

    /** Puts the frame into another VLAN: the tag that tells the VLAN keeps its TPID and its priority. */
    public void moveTo(int vid) {
        if (inside.count() > 0) {
            inside.setFirst(inside.tag(0) & ~VlanTag.VID_MASK | vid);
        } else if (inside.kept() == 0 && isThere(0)) {
            inside.keep(1);
            inside.push(TagStack.OF_FRAME | vid);
        } else {
            inside.push(EtherType.VLAN << TPID_SHIFT | vid);
        }
    }

    /** The actions so far are undone: the frame is again as it came. */
    public void startAgain() {
        current.clear();
    }

    // ---- out ----

    /** Whether what is flooded in the frame's VLAN leaves by a port too. */
    public boolean isCarried(PortVlans vlans, int network) {
        return switch (vlans.mode()) {
            case GUEST -> isListed(vlans, vlan());
            case CABLE -> vlans.vidOf(network) != PortVlans.NONE || vlan() == 0;
            case ACCESS -> vid(0) == vlans.vid() && vid(1) == 0;
            case DOT1Q_TUNNEL -> vid(0) == vlans.vid() && (!vlans.hasList() || vlans.lists(vid(1)));
            case TRUNK, NATIVE_TAGGED, NATIVE_UNTAGGED -> vlans.lists(vid(0));
        };
    }

    /**
     * Whether the frame can leave by a port that its destination is known to be behind: a port of one VLAN then does
     * not ask what the frame has inside it.
     */
    public boolean isTaken(PortVlans vlans, int network) {
        return switch (vlans.mode()) {
            case ACCESS, DOT1Q_TUNNEL -> vid(0) == vlans.vid();
            default -> isCarried(vlans, network);
        };
    }

    /** The tags that the frame leaves with by a port of a network. */
    public void leave(PortVlans vlans, int network, TagStack into) {
        into.copyFrom(inside);
        switch (vlans.mode()) {
            case GUEST -> {
                return;
            }
            case CABLE -> {
                if (vlans.vidOf(network) != PortVlans.NONE) {
                    putCableTag(vlans.tpid() << TPID_SHIFT | vlans.vidOf(network), into);
                }
                return;
            }
            case ACCESS -> into.cut(0, known);
            case DOT1Q_TUNNEL -> into.pop();
            case NATIVE_UNTAGGED -> {
                if (vid(0) == vlans.vid()) {
                    into.pop();
                }
            }
            case TRUNK, NATIVE_TAGGED -> {
                // as it is inside
            }
        }
        if (vlans.priorityTags() != PriorityTags.NEVER) {
            giveArrivedPriority(into);
        }
        if (vlans.priorityTags() != PriorityTags.ALWAYS) {
            cutEmptyTags(into);
        }
    }

    /** Its priority is the last cable's tag's; a guest's tag that has nothing but a priority gives way to it. */
    private void putCableTag(int tag, TagStack into) {
        FlowField guest = guestTag();
        int priority = 0;
        if (vlan() == 0 && key.test(guest, FlowField.VLAN_PRESENT)) {
            into.pop();
            priority = (int) key.get(guest, PRIORITY_BITS);
        } else if (cableTag != 0) {
            priority = (int) key.get(FlowField.VLAN_TCI, PRIORITY_BITS);
        }
        into.push(tag | priority);
    }

    /** The outermost tag gets the priority of the one that the frame came with, and is put on for its sake. */
    private void giveArrivedPriority(TagStack stack) {
        if (stack.count() > 0) {
            stack.setFirst(stack.tag(0) & ~PRIORITY_BITS | TagStack.PRIORITY_OF_FRAME);
        } else if (stack.kept() > 0) {
            if (isThere(stack.kept())) {
                int tpid = (int) key.get(FlowField.VLAN_TPID_INNER);
                int vid = ownVid(stack.kept());
                stack.pop();
                stack.push(tpid << TPID_SHIFT | TagStack.PRIORITY_OF_FRAME | vid);
            } else if (key.test(FlowField.VLAN_TCI, PRIORITY_BITS)) {
                stack.push(EtherType.VLAN << TPID_SHIFT | TagStack.PRIORITY_OF_FRAME);
            }
        }
    }

    /** A tag without VLAN and priority is none, and nothing is behind it. */
    private void cutEmptyTags(TagStack stack) {
        for (int i = 0; i < stack.count(); i++) {
            if ((stack.tag(i) & VlanTag.VID_MASK) == 0 && priority(stack.tag(i)) == 0) {
                stack.cut(i, known);
                return;
            }
        }
        for (int i = stack.kept(), place = stack.count(); place < MAX_KNOWN && i < known; i++, place++) {
            if (!isThere(i)) {
                return;
            }
            if (!key.test(tciOf(i), VlanTag.VID_MASK) && !key.test(tciOf(i), PRIORITY_BITS)) {
                if (place > stack.count()) {
                    int vid = ownVid(0); // what stays in front of it is put on again
                    stack.cut(0, known);
                    stack.push(TagStack.OF_FRAME | vid);
                } else {
                    stack.cut(stack.count(), known);
                }
                return;
            }
        }
    }

    private int priority(int tag) {
        return (tag & TagStack.PRIORITY_OF_FRAME) == 0
                ? tag & PRIORITY_BITS
                : (int) key.get(FlowField.VLAN_TCI, PRIORITY_BITS);
    }

    /** The VLAN id of the outermost of the tags that the frame leaves with, 0 without one. */
    public int vidOf(TagStack stack) {
        return stack.count() > 0 ? stack.tag(0) & VlanTag.VID_MASK : ownVid(stack.kept());
    }

    // ---- actions ----

    /** Whether the frame has these tags as the actions so far leave it. */
    public boolean has(TagStack stack) {
        return current.isSame(stack);
    }

    /** Makes the frame what it is inside its network, as far as the cable's tag is concerned. */
    public void takeOffCableTag(Translation translation) {
        if (cableTag != 0) {
            become(inside, translation);
        }
    }

    /**
     * Gives the frame these tags. What it came with is only ever taken off, from the front: stacks that keep more come
     * before those that keep less.
     */
    public void become(TagStack wanted, Translation translation) {
        int same = 0;
        if (current.kept() == wanted.kept()) {
            int most = Math.min(current.count(), wanted.count());
            while (same < most && current.tag(current.count() - 1 - same) == wanted.tag(wanted.count() - 1 - same)) {
                same++;
            }
        }
        for (int i = current.count(); i > same; i--) {
            translation.popVlan();
        }
        for (int i = current.kept(); i < wanted.kept() && isThere(i); i++) {
            translation.popVlan();
        }
        for (int i = wanted.count() - 1 - same; i >= 0; i--) {
            int tag = wanted.tag(i);
            int tpid = tag >>> TPID_SHIFT == 0 ? (int) key.get(FlowField.VLAN_TPID) : tag >>> TPID_SHIFT;
            translation.pushVlan(tpid, priority(tag) >>> VlanTag.PCP_SHIFT, tag & VlanTag.VID_MASK);
        }
        current.copyFrom(wanted);
    }
}
