package io.jvswitch.datapath.normal.vlan;

/** The ways in which a port understands VLAN tags: {@link PortVlans}. */
enum VlanMode {
    /** Tags are the guest's own, and stay. */
    GUEST,
    /** The outermost tag says which network a frame is of, and is on the cable only. */
    CABLE,
    /** One VLAN, without its tag. */
    ACCESS,
    /** Many VLANs, each with its tag. */
    TRUNK,
    /** As a trunk; what comes in without a tag is of the native VLAN. */
    NATIVE_TAGGED,
    /** As a trunk; the native VLAN has no tag in either direction. */
    NATIVE_UNTAGGED,
    /** One VLAN, without its tag; tags in the frame are the customer's own. */
    DOT1Q_TUNNEL
}
