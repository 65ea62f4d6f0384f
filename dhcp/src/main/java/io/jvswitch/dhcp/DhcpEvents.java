package io.jvswitch.dhcp;

/**
 * What a {@link DhcpResponder} and its {@link LeaseStore} report to the daemon. Called on the conductor thread, during
 * the call that caused it; implementations return quickly and do not call back.
 */
public interface DhcpEvents {

    /**
     * A client now holds an address: it was acknowledged, or read from the lease file. Called again when its MAC
     * address or port changes, not for a mere renewal.
     *
     * @param ipv4 the address, first octet highest
     * @param mac the client's MAC address, low 48 bits
     * @param inPort the port that it was seen on, or -1 for a lease read from the file
     */
    default void bound(int ipv4, long mac, int inPort) {}

    /** The client no longer holds the address: released, declined, expired, or given to another. */
    default void unbound(int ipv4, long mac) {}

    /** Something that an operator may want to know. */
    void info(String message);

    /**
     * Something that an operator should look at, with the remedy. Limited to one message a minute of each kind.
     */
    void warn(String message);

    /** What a port is called in messages. */
    default String portName(int inPort) {
        return "port " + inPort;
    }
}
