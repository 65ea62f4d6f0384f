package io.jvswitch.vswitchd.view;

/**
 * What crossed a port since it was attached, and what the switch did for it. A superframe counts as one frame, as in
 * Linux's own device counters; on the underlay each datagram counts. Summed over all ports and the underlay, at rest:
 * {@code rx + created = tx + dropped + handed over + merged}.
 *
 * @param rxFrames frames taken from the device
 * @param rxBytes their bytes, Ethernet header included
 * @param txFrames frames that the device took
 * @param txBytes their bytes
 * @param dropFrames frames that came from or were to leave by this port and were dropped, for any reason
 * @param arpReplies ARP requests answered
 * @param ndReplies IPv6 neighbour solicitations answered
 * @param tooBigAnswered ICMP and ICMPv6 errors sent to the guest for packets that were too big
 * @param mssClamped TCP SYNs whose maximum segment size was lowered
 * @param fragmented IPv4 packets cut into fragments
 * @param outerFragmented frames whose tunnel packet was larger than its path takes and left in fragments
 * @param createdFrames frames that the switch made of the port's: copies of a flooded one, segments, fragments, answers
 * @param mergedFrames TCP segments from a tunnel that joined the superframe of one before them
 * @param handedOverFrames DHCP requests handed to the conductor
 */
public record TrafficView(
        long rxFrames,
        long rxBytes,
        long txFrames,
        long txBytes,
        long dropFrames,
        long arpReplies,
        long ndReplies,
        long tooBigAnswered,
        long mssClamped,
        long fragmented,
        long outerFragmented,
        long createdFrames,
        long mergedFrames,
        long handedOverFrames) {

    /** Nothing yet. */
    public static final TrafficView NONE = of(0, 0, 0, 0, 0);

    /** Of what only crossed the port. */
    public static TrafficView of(long rxFrames, long rxBytes, long txFrames, long txBytes, long dropFrames) {
        return new TrafficView(rxFrames, rxBytes, txFrames, txBytes, dropFrames, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What has come since another, earlier reading. */
    public TrafficView minus(TrafficView earlier) {
        return new TrafficView(
                rxFrames - earlier.rxFrames,
                rxBytes - earlier.rxBytes,
                txFrames - earlier.txFrames,
                txBytes - earlier.txBytes,
                dropFrames - earlier.dropFrames,
                arpReplies - earlier.arpReplies,
                ndReplies - earlier.ndReplies,
                tooBigAnswered - earlier.tooBigAnswered,
                mssClamped - earlier.mssClamped,
                fragmented - earlier.fragmented,
                outerFragmented - earlier.outerFragmented,
                createdFrames - earlier.createdFrames,
                mergedFrames - earlier.mergedFrames,
                handedOverFrames - earlier.handedOverFrames);
    }

    /** The sum of two. */
    public TrafficView plus(TrafficView other) {
        return new TrafficView(
                rxFrames + other.rxFrames,
                rxBytes + other.rxBytes,
                txFrames + other.txFrames,
                txBytes + other.txBytes,
                dropFrames + other.dropFrames,
                arpReplies + other.arpReplies,
                ndReplies + other.ndReplies,
                tooBigAnswered + other.tooBigAnswered,
                mssClamped + other.mssClamped,
                fragmented + other.fragmented,
                outerFragmented + other.outerFragmented,
                createdFrames + other.createdFrames,
                mergedFrames + other.mergedFrames,
                handedOverFrames + other.handedOverFrames);
    }
}
