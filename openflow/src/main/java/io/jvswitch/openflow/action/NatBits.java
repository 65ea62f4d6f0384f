package io.jvswitch.openflow.action;

/** Which parts of a range a nat action has on the wire ({@code NX_NAT_RANGE_*}). */
final class NatBits {

    static final int IPV4_FIRST = 1;
    static final int IPV4_LAST = 2;
    static final int IPV6_FIRST = 4;
    static final int IPV6_LAST = 8;
    static final int PORT_FIRST = 16;
    static final int PORT_LAST = 32;

    private NatBits() {}
}
