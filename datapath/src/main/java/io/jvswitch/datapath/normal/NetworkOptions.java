package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.FrameTags;
import io.jvswitch.datapath.translate.Translation;
import java.util.BitSet;

/**
 * What a network does beside forwarding, and what it leaves out.
 *
 * @param served whether the switch looks after the network's guests: checks what they send, and answers for services
 * @param forwardsReserved whether frames to addresses that a bridge keeps to itself (spanning tree, LLDP) are forwarded
 *     like others
 * @param knownTags how many VLAN tags of a frame are looked at, 1 or 2; those behind them are payload
 * @param floodVlans VLANs in which nothing is learnt and everything is flooded
 */
public record NetworkOptions(boolean served, boolean forwardsReserved, int knownTags, BitSet floodVlans) {

    /** As the networks of the YAML configuration have them. */
    public static final NetworkOptions SERVED = new NetworkOptions(true, false, FrameTags.MAX_KNOWN, new BitSet());

    public NetworkOptions {
        if (knownTags < 1 || knownTags > FrameTags.MAX_KNOWN) {
            throw new IllegalArgumentException("knownTags is " + knownTags + ": must be 1 to " + FrameTags.MAX_KNOWN);
        }
        floodVlans = (BitSet) floodVlans.clone();
    }

    /** As an Open vSwitch bridge has them when nothing is configured. */
    public static NetworkOptions bridge() {
        return new NetworkOptions(false, false, 1, new BitSet());
    }

    /** How many of the frame's tags are looked at now: those that the translation has put on are known, too. */
    int knownTags(Translation translation) {
        return Math.clamp(knownTags + translation.tagsAdded(), 0, FrameTags.MAX_KNOWN);
    }

    /** Whether source addresses are learnt in a VLAN. */
    boolean learnsIn(int vlan) {
        return !floodVlans.get(vlan);
    }
}
