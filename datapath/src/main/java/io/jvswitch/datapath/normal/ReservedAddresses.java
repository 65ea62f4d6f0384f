package io.jvswitch.datapath.normal;

import io.jvswitch.wire.MacAddress;
import org.agrona.collections.LongHashSet;

/**
 * Destinations that an Open vSwitch bridge keeps to itself unless it is told otherwise: IEEE 802.1Q's, and those of
 * vendors' control protocols ({@code other_config:forward-bpdu} of the Bridge table, ovs-vswitchd.conf.db(5)).
 */
final class ReservedAddresses {

    private static final LongHashSet VENDORS = new LongHashSet();

    static {
        VENDORS.add(0x00e0_2b00_0000L); // Extreme: EDP
        VENDORS.add(0x00e0_2b00_0004L); // Extreme: EAPS
        VENDORS.add(0x00e0_2b00_0006L); // Extreme: EAPS
        VENDORS.add(0x0100_0c00_0000L); // Cisco: ISL
        VENDORS.add(0x0100_0ccc_ccccL); // Cisco: CDP, DTP, PAgP, UDLD, VTP
        VENDORS.add(0x0100_0ccc_cccdL); // Cisco: PVST+
        VENDORS.add(0x0100_0ccd_cdcdL); // Cisco: uplink fast, FlexLink
        for (int i = 0; i < 8; i++) {
            VENDORS.add(0x0100_0ccc_ccc0L + i); // Cisco: connectivity faults
        }
    }

    private ReservedAddresses() {}

    static boolean contain(long mac) {
        return MacAddress.isBridgeReserved(mac) || VENDORS.contains(mac);
    }
}
