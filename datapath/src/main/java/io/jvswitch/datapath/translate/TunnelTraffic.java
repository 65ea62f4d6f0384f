package io.jvswitch.datapath.translate;

/**
 * What a tunnel port counts: frames as they are within the tunnel, with their bytes from the inner Ethernet header on,
 * as Open vSwitch counts a tunnel's. A superframe is one frame.
 *
 * <p>Counted by the megaflows that frames pass, and so a second late at most: the data path does nothing more for a
 * frame. Compared by identity: a port that was made anew counts from 0, whoever had its number before.
 *
 * @param received frames that came in by the port, whatever became of them
 * @param sent frames that were to leave by it; of those that did not, the drop reasons tell
 */
public record TunnelTraffic(Credit received, Credit sent) {

    /**
     * Nothing counted yet.
     *
     * @param workers numbered from 0
     */
    public static TunnelTraffic of(int workers) {
        return new TunnelTraffic(new Credit(workers, 0), new Credit(workers, 0));
    }
}
