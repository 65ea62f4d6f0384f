package io.jvswitch.datapath.normal.bond;

/** How a bond shares its traffic among its members. */
public enum BondMode {
    /** One member carries everything; the others wait for it to fail. */
    ACTIVE_BACKUP,
    /** By source MAC and VLAN: every address is seen behind one member, and the other end need not know of the bond. */
    BALANCE_SLB,
    /** By addresses and ports; the other end must know of the bond, by LACP. */
    BALANCE_TCP
}
