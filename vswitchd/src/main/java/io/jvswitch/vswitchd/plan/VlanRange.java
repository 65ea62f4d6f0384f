package io.jvswitch.vswitchd.plan;

/**
 * VLAN ids from one to another, both included.
 *
 * @param first 1 to 4094, or 0 in the range of none
 * @param last not below {@code first}
 */
public record VlanRange(int first, int last) {

    /** Highest VLAN id; 4095 is reserved (IEEE 802.1Q). */
    public static final int LAST_VID = 4_094;

    /** No VLAN at all. */
    public static final VlanRange NONE = new VlanRange(0, 0);

    public VlanRange {
        boolean none = first == 0 && last == 0;
        if (!none && (first < 1 || last > LAST_VID || first > last)) {
            throw new IllegalArgumentException("VLANs " + first + " to " + last + ": expected 1 to " + LAST_VID);
        }
    }

    @Override
    public String toString() {
        return first == 0 ? "none" : first == last ? Integer.toString(first) : first + "-" + last;
    }
}
