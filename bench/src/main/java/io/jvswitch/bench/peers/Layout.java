package io.jvswitch.bench.peers;

/** How guests hang on a switch, and whether there is a tunnel between two of them. */
enum Layout {
    /** A guest on a TAP at each of two hosts, VXLAN between the hosts. */
    TAP_TUNNEL(false, true),
    /** Two guests on TAPs of one switch. */
    TAP_SWITCH(false, false),
    /** Two guests on veths, whose other ends one switch attaches as existing devices. */
    VETH_SWITCH(true, false),
    /** The same with a switch each and VXLAN between them: as a switch attaches what QEMU opened. */
    VETH_TUNNEL(true, true);

    private final boolean veth;
    private final boolean tunnelled;

    Layout(boolean veth, boolean tunnelled) {
        this.veth = veth;
        this.tunnelled = tunnelled;
    }

    /** Whether the switch attaches the outer ends of veths, where it otherwise makes TAPs. */
    boolean isVeth() {
        return veth;
    }

    boolean isTunnelled() {
        return tunnelled;
    }

    /** Hosts, and so switches, that a peer has. */
    int hosts() {
        return tunnelled ? 2 : 1;
    }

    /** What a guest's device carries: VXLAN takes 50 bytes of the underlay's 1,500. */
    int guestMtuBytes() {
        return tunnelled ? 1450 : 1500;
    }
}
