package io.jvswitch.dhcp;

/** What the clients on one port hold of the pools. */
final class PortAccount {

    /** Addresses in use: offered, bound or in quarantine. */
    int active;

    /** Those that are only offered, oldest first. */
    final LeaseList offers = new LeaseList();
}
