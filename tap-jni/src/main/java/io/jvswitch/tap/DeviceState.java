package io.jvswitch.tap;

import io.jvswitch.wire.MacAddress;

/**
 * A snapshot of a network device.
 *
 * @param index its index in its namespace
 * @param name its name there
 * @param mtuBytes largest packet, without the Ethernet header
 * @param mac its MAC address; all zeros where it has none
 * @param ethernet whether its frames are Ethernet frames
 * @param up whether an administrator set it up ({@code IFF_UP})
 * @param running whether it also has a carrier ({@code IFF_RUNNING})
 * @param masterIndex index of the bridge, bond or VRF that it belongs to, which forwards its frames; 0 for none
 */
public record DeviceState(
        int index,
        String name,
        int mtuBytes,
        MacAddress mac,
        boolean ethernet,
        boolean up,
        boolean running,
        int masterIndex) {}
