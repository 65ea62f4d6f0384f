package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import java.util.List;
import java.util.Map;

/**
 * What the database wants the switch to be.
 *
 * @param bridges those that there shall be
 * @param refused why an interface cannot be had, by its name, in Open vSwitch's words
 * @param warnings what is asked for and is not done, a line each
 * @param nextCfg number of the configuration, which {@code cur_cfg} becomes once it is in force
 */
record Wanted(List<BridgeSpec> bridges, Map<String, String> refused, List<String> warnings, long nextCfg) {

    Wanted {
        bridges = List.copyOf(bridges);
        refused = Map.copyOf(refused);
        warnings = List.copyOf(warnings);
    }
}
