package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;

/**
 * A port as NORMAL sees it: which networks its frames are of, whose it is, what VLAN tags mean on it.
 *
 * @param number 1 to {@link Locations#LAST_PORT}
 * @param name the device's name
 * @param network id of the network of frames that have no tag of the cable's, or -1 without one
 * @param binding whose it is, and what it may send therefore
 * @param mtuBytes largest IP packet that it takes
 * @param attached whether its device is there and has a carrier
 * @param vlans what VLAN tags mean on it
 * @param stormControl how many broadcasts, multicasts and frames for unknown addresses it may send a second, 0 for any
 *     number
 * @param isolated whether it exchanges nothing with other ports that are isolated ("protected" in Open vSwitch)
 */
public record NetworkPort(
        int number,
        String name,
        int network,
        PortBinding binding,
        int mtuBytes,
        boolean attached,
        PortVlans vlans,
        int stormControl,
        boolean isolated) {

    /** A port that exchanges frames with all others. */
    public NetworkPort(
            int number,
            String name,
            int network,
            PortBinding binding,
            int mtuBytes,
            boolean attached,
            PortVlans vlans,
            int stormControl) {
        this(number, name, network, binding, mtuBytes, attached, vlans, stormControl, false);
    }

    /** A port of an Open vSwitch bridge, which is one network. */
    public static NetworkPort ofBridge(
            int number, String name, int network, int mtuBytes, boolean attached, PortVlans vlans, boolean isolated) {
        return new NetworkPort(number, name, network, PortBinding.NONE, mtuBytes, attached, vlans, 0, isolated);
    }

    /** Whether frames of a network come in and leave here, with a tag of the cable's or without one. */
    public boolean isIn(int id) {
        return network == id || isTagged(id);
    }

    /** Whether a network has a tag of the cable's on it. */
    public boolean isTagged(int network) {
        return vlans.vidOf(network) != PortVlans.NONE;
    }

    /** A port that is not bound, and on which every tag is the guest's own. */
    public NetworkPort(int number, String name, int network, int mtuBytes, boolean attached) {
        this(number, name, network, PortBinding.NONE, mtuBytes, attached, PortVlans.any(), 0);
    }

    /** The device of it, as the data path knows it. */
    public Port.Device device(int bridge) {
        return new Port.Device(number, name, bridge, mtuBytes, attached);
    }
}
