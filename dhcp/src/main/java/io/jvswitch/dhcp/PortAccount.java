package io.jvswitch.dhcp;

/** What the clients of one port have of the pools. */
final class PortAccount {

    /** Addresses in use: offered, bound or in quarantine. */
    int active;

    /** Those of them that are only offered, oldest first. */
    final LeaseList offers = new LeaseList();
}
