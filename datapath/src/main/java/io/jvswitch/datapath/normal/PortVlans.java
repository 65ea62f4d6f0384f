package io.jvswitch.datapath.normal;

import io.jvswitch.wire.EtherType;
import java.util.BitSet;
import java.util.Map;
import org.agrona.collections.Int2IntHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What VLAN tags mean on a port. One of two things:
 *
 * <ul>
 *   <li>The tags are the guest's own ({@link #guest}): frames keep them inside the port's network, as far as the port
 *       carries their VLAN.
 *   <li>The tags are the cable's ({@link #trunk}): the outermost one says which network a frame is of, is taken off
 *       where it comes in and put on where it leaves. A tag behind it is the guest's (QinQ).
 * </ul>
 *
 * <p>Immutable.
 */
public final class PortVlans {

    /** {@link #networkOf}, {@link #vidOf}: there is none. */
    public static final int NONE = -1;

    private static final PortVlans ANY = new PortVlans(EtherType.VLAN, false, Map.of(), null);

    private final int tpid;
    private final boolean trunk;
    private final Int2IntHashMap networks = new Int2IntHashMap(NONE);
    private final Int2IntHashMap vids = new Int2IntHashMap(NONE);
    private final @Nullable BitSet guestVids;

    private PortVlans(int tpid, boolean trunk, Map<Integer, Integer> networksByVid, @Nullable BitSet guestVids) {
        this.tpid = tpid;
        this.trunk = trunk;
        this.guestVids = guestVids;
        networksByVid.forEach((vid, network) -> {
            networks.put((int) vid, (int) network);
            vids.put((int) network, (int) vid);
        });
    }

    /** Every guest tag passes. */
    public static PortVlans any() {
        return ANY;
    }

    /** Only guest tags of these VLANs pass, and frames without one. */
    public static PortVlans guest(BitSet vids) {
        return new PortVlans(EtherType.VLAN, false, Map.of(), (BitSet) vids.clone());
    }

    /**
     * The cable's tags.
     *
     * @param tpid 0x8100 or 0x88a8, of the tags that are recognised and put on
     * @param networksByVid id of the network that each VLAN is; no network twice
     */
    public static PortVlans trunk(int tpid, Map<Integer, Integer> networksByVid) {
        return new PortVlans(tpid, true, networksByVid, null);
    }

    /** Whether the outermost tag is the cable's. */
    boolean isTrunk() {
        return trunk;
    }

    /** The cable's tags' TPID. */
    int tpid() {
        return tpid;
    }

    /** Id of the network that a VLAN of the cable's is, or {@link #NONE}. */
    int networkOf(int vid) {
        return networks.get(vid);
    }

    /** The cable's VLAN for a network, or {@link #NONE} when the network has no tag here. */
    public int vidOf(int network) {
        return vids.get(network);
    }

    /** Whether a guest's tag is looked at at all. */
    boolean restrictsGuests() {
        return guestVids != null;
    }

    /** Whether a guest's frame may have this VLAN id, 0 for none. */
    boolean carriesGuest(int vid) {
        return vid == 0 || (trunk ? false : guestVids == null || guestVids.get(vid));
    }
}
