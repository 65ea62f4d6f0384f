package io.jvswitch.datapath.normal.vlan;

import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.VlanTag;
import java.util.BitSet;
import java.util.Map;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What VLAN tags mean on a port. In the networks of the YAML configuration one of two things:
 *
 * <ul>
 *   <li>The tags are the guest's own ({@link #guest}): frames keep them inside the port's network, as far as the port
 *       carries their VLAN.
 *   <li>The tags are the cable's ({@link #trunk(int, Map)}): the outermost one says which network a frame is of, is
 *       taken off where it comes in and put on where it leaves. A tag behind it is the guest's (QinQ).
 * </ul>
 *
 * <p>In an Open vSwitch bridge, which is one network whose VLANs are told apart by its MAC table, what
 * {@code vlan_mode} says in the database's Port table (ovs-vswitchd.conf.db(5)): {@link #access},
 * {@link #trunk(BitSet)}, {@link #nativeTagged}, {@link #nativeUntagged}, {@link #dot1qTunnel}.
 *
 * <p>Immutable.
 */
public final class PortVlans {

    /** {@link #vidOf}: there is none. */
    public static final int NONE = -1;

    /** {@link FrameTags#arrive}: the frame is none that the port takes. */
    public static final int REFUSED = -2;

    private static final PortVlans ANY =
            new PortVlans(VlanMode.GUEST, 0, EtherType.VLAN, Map.of(), null, PriorityTags.NEVER);

    private final VlanMode mode;
    private final int vid;
    private final int tpid;
    private final Map<Integer, Integer> networksByVid;
    private final Int2IntHashMap networks = new Int2IntHashMap(NONE);
    private final Int2IntHashMap vids = new Int2IntHashMap(NONE);
    private final @Nullable BitSet carried;
    private final PriorityTags priorityTags;

    private PortVlans(
            VlanMode mode,
            int vid,
            int tpid,
            Map<Integer, Integer> networksByVid,
            @Nullable BitSet carried,
            PriorityTags priorityTags) {
        this.mode = mode;
        this.vid = vid;
        this.tpid = tpid;
        this.networksByVid = networksByVid;
        this.carried = carried;
        this.priorityTags = priorityTags;
        networksByVid.forEach((tag, network) -> {
            networks.put((int) tag, (int) network);
            vids.put((int) network, (int) tag);
        });
    }

    private static @Nullable BitSet copy(@Nullable BitSet vids) {
        return vids == null ? null : (BitSet) vids.clone();
    }

    /** Every guest tag passes. */
    public static PortVlans any() {
        return ANY;
    }

    /** Only guest tags of these VLANs pass, and frames without one. */
    public static PortVlans guest(BitSet vids) {
        return new PortVlans(VlanMode.GUEST, 0, EtherType.VLAN, Map.of(), copy(vids), PriorityTags.NEVER);
    }

    /**
     * The cable's tags.
     *
     * @param tpid 0x8100 or 0x88a8, of the tags that are recognised and put on
     * @param networksByVid id of the network that each VLAN is; no network twice
     */
    public static PortVlans trunk(int tpid, Map<Integer, Integer> networksByVid) {
        return new PortVlans(VlanMode.CABLE, 0, tpid, Map.copyOf(networksByVid), null, PriorityTags.NEVER);
    }

    /** One VLAN, without its tag; frames with a tag of a VLAN do not come in. */
    public static PortVlans access(int vid) {
        return new PortVlans(VlanMode.ACCESS, checked(vid), EtherType.VLAN, Map.of(), null, PriorityTags.NEVER);
    }

    /**
     * Many VLANs with their tags; frames without one are of VLAN 0.
     *
     * @param vids those that it carries, null for all
     */
    public static PortVlans trunk(@Nullable BitSet vids) {
        return new PortVlans(VlanMode.TRUNK, 0, EtherType.VLAN, Map.of(), copy(vids), PriorityTags.NEVER);
    }

    /**
     * A trunk that always carries the native VLAN, of which frames are that come in without a tag; it leaves with its
     * tag.
     *
     * @param vid the native VLAN
     * @param vids the others that it carries, null for all
     */
    public static PortVlans nativeTagged(int vid, @Nullable BitSet vids) {
        return nativeVlan(VlanMode.NATIVE_TAGGED, vid, vids);
    }

    /** As {@link #nativeTagged}; the native VLAN leaves without its tag. */
    public static PortVlans nativeUntagged(int vid, @Nullable BitSet vids) {
        return nativeVlan(VlanMode.NATIVE_UNTAGGED, vid, vids);
    }

    private static PortVlans nativeVlan(VlanMode mode, int vid, @Nullable BitSet vids) {
        BitSet carried = copy(vids);
        if (checked(vid) != 0) {
            // what has no tag is of the native VLAN, so that nothing is of VLAN 0
            if (carried == null) {
                carried = new BitSet();
                carried.set(1, VlanTag.VID_MASK + 1);
            }
            carried.set(vid);
            carried.clear(0);
        }
        return new PortVlans(mode, vid, EtherType.VLAN, Map.of(), carried, PriorityTags.NEVER);
    }

    /**
     * One VLAN, the service's, without its tag; what tags frames have are the customer's own.
     *
     * @param vid the service VLAN
     * @param tpid 0x88a8 or 0x8100, of the service's tag where it leaves by a trunk
     * @param customerVids VLANs of the customer's that it carries (0 for frames without a tag), null for all
     */
    public static PortVlans dot1qTunnel(int vid, int tpid, @Nullable BitSet customerVids) {
        return new PortVlans(
                VlanMode.DOT1Q_TUNNEL, checked(vid), tpid, Map.of(), copy(customerVids), PriorityTags.NEVER);
    }

    private static int checked(int vid) {
        if (vid < 0 || vid > VlanTag.VID_MASK) {
            throw new IllegalArgumentException("VLAN " + vid + ": must be 0 to " + VlanTag.VID_MASK);
        }
        return vid;
    }

    /** The same, but for tags that have nothing but a priority. */
    public PortVlans with(PriorityTags tags) {
        return new PortVlans(mode, vid, tpid, networksByVid, carried, tags);
    }

    VlanMode mode() {
        return mode;
    }

    /** The VLAN that is the port's own: an access port's, a native one, a service's. */
    int vid() {
        return vid;
    }

    /** TPID of the tags that are put on for the port's sake. */
    int tpid() {
        return tpid;
    }

    PriorityTags priorityTags() {
        return priorityTags;
    }

    /** Id of the network that a VLAN of the cable's is, or {@link #NONE}. */
    int networkOf(int tag) {
        return networks.get(tag);
    }

    /** Whether tags are the guest's own, and the port's list is what the guest may send. */
    public boolean isGuests() {
        return mode == VlanMode.GUEST;
    }

    /** The cable's VLAN for a network, or {@link #NONE} when the network has no tag here. */
    public int vidOf(int network) {
        return vids.get(network);
    }

    /** Whether the port's list of VLANs, if it has one, has this one. */
    boolean lists(int tag) {
        return carried == null || carried.get(tag);
    }

    /** Whether it has a list of VLANs. */
    boolean hasList() {
        return carried != null;
    }
}
