package io.jvswitch.tap;

import io.jvswitch.wire.MacAddress;

/**
 * A network device as it was a moment ago.
 *
 * @param index its number in its namespace
 * @param name its name there
 * @param mtuBytes largest packet, without the Ethernet header
 * @param mac its MAC address; all zeros where it has none
 * @param ethernet whether its frames are Ethernet frames
 * @param up whether an administrator set it up ({@code IFF_UP})
 * @param running whether it also has a carrier ({@code IFF_RUNNING})
 * @param masterIndex number of the bridge, bond or VRF that has it, which forwards its frames; 0 for none
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
