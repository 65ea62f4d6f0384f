package io.jvswitch.dhcp;

import java.util.Locale;

/**
 * What a {@link DhcpResponder} counts. Names appear in statistics and metrics by their {@link #label()}; constants may
 * be added anywhere.
 */
public enum DhcpCounter {
    RX_DISCOVER("DHCPDISCOVER received."),
    RX_REQUEST("DHCPREQUEST received, in whatever state of the client."),
    RX_DECLINE("DHCPDECLINE received: a client found its address in use."),
    RX_RELEASE("DHCPRELEASE received."),
    RX_INFORM("DHCPINFORM received."),
    RX_BOOTP("BOOTP request without a DHCP message type: not answered."),
    RX_OTHER("DHCP message of a type that this server does not serve (lease query, say): not answered."),
    RX_INVALID("Message that cannot be read, or that contradicts itself."),
    TX_OFFER("DHCPOFFER sent."),
    TX_ACK("DHCPACK sent."),
    TX_NAK("DHCPNAK sent: the client asked for an address that it cannot have."),
    OTHER_SERVER("Message for another DHCP server: not answered."),
    NO_SUBNET("Message that no configured subnet fits: not answered."),
    CHADDR_MISMATCH("Client hardware address differs from the frame's source MAC: not answered."),
    RELAY_REFUSED("Relayed message by a port that may not relay: not answered."),
    MAC_OF_OTHER_PORT("Client with the MAC address that another port is bound to: not answered."),
    POOL_EXHAUSTED("No address left in the pool: not answered."),
    PORT_LIMIT("The port already has as many addresses of the pool as one port may have: not answered."),
    HOLD_RECYCLED("Offer withdrawn early because its port asked for too many at once."),
    QUARANTINED("Client that declined its port's own address a moment ago: it gets none yet."),
    ADDRESS_DECLINED("Address put in quarantine because a client found it in use."),
    NOT_HOLDER("RELEASE or DECLINE of an address that the sender does not hold: ignored."),
    CLIENT_ID_SHARED(
            "Client identifier already in use by another machine: on another port the MAC address became part of it."),
    RESERVATION_IN_USE(
            "Reserved address still leased to another client: the reservation's client got another or none."),
    OPTIONS_OMITTED("Reply that had no room for all options that the client asked for."),
    STORE_FAILED("Lease change that could not be written to the lease file at once.");

    private final String meaning;

    DhcpCounter(String meaning) {
        this.meaning = meaning;
    }

    /** What is counted: one sentence. */
    public String meaning() {
        return meaning;
    }

    /** The name that commands, JSON and metrics use: lower case with dashes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
