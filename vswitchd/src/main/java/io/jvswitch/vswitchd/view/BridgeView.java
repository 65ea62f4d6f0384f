package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.MacAddress;
import java.util.List;

/**
 * A bridge.
 *
 * @param name of the bridge
 * @param mac MAC address of its local port
 * @param datapathId what OpenFlow controllers know it by
 * @param interfaces in any order
 */
public record BridgeView(String name, MacAddress mac, long datapathId, List<InterfaceView> interfaces) {

    public BridgeView {
        interfaces = List.copyOf(interfaces);
    }
}
