package io.jvswitch.datapath.normal.vlan;

/** Whether frames leave a port with a tag that has VLAN 0 and nothing but a priority. */
public enum PriorityTags {
    NEVER,
    /** When the frame came in with a priority other than 0. */
    IF_NONZERO,
    /** When the frame came in with a priority other than 0, or with such a tag to a port where tags stay. */
    ALWAYS
}
