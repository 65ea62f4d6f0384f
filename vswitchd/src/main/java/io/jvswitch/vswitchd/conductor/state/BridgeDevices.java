package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The devices that a switch shall have, whether they are ports of networks or interfaces of bridges. */
final class BridgeDevices {

    /**
     * A TAP that Open vSwitch has beside those of bridges while there are any, and its scripts wait for; it is no
     * bridge's.
     */
    static final String DATAPATH_DEVICE = "ovs-netdev";

    private static final int DATAPATH_DEVICE_MTU_BYTES = 1_500;

    private BridgeDevices() {}

    /** By name; the networks' ports themselves where there are no bridges. */
    static Map<String, PortSpec> allOf(SwitchSpec spec) {
        if (spec.bridges().isEmpty()) {
            return spec.ports();
        }
        Map<String, PortSpec> all = new LinkedHashMap<>(spec.ports());
        all.put(DATAPATH_DEVICE, PortSpec.ofBridge(DATAPATH_DEVICE, PortKind.INTERNAL, DATAPATH_DEVICE_MTU_BYTES));
        for (BridgeSpec bridge : spec.bridges()) {
            for (BridgePortSpec port : bridge.ports()) {
                for (InterfaceSpec one : port.interfaces()) {
                    if (one.type().isDevice()) {
                        all.put(one.name(), deviceOf(one));
                    }
                }
            }
        }
        return all;
    }

    /** MTU and MAC address are the bridge's business, which changes them without making the device anew. */
    private static PortSpec deviceOf(InterfaceSpec one) {
        return PortSpec.ofBridge(
                one.name(), one.type() == InterfaceType.SYSTEM ? PortKind.SYSTEM : PortKind.INTERNAL, 0);
    }
}
