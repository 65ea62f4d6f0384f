package io.jvswitch.vswitchd.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bridges in the tree that {@code show} prints: what has no device, and what failed, are there too. */
final class BridgeTextTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b");

    @Test
    void bridges() {
        InterfaceView patch = new InterfaceView("p0", 70, 5, null, MAC, 0, 0, true, true, 0);
        BridgeView bridge = new BridgeView(
                "br0",
                MAC,
                0x0000_0200_0000_000bL,
                List.of(patch, InterfaceView.failed("nosuch", 71, "could not open network device nosuch")));
        SwitchView view = new SwitchView(
                "ovs-vswitchd",
                "1",
                7,
                61,
                1,
                "epoll",
                3,
                null,
                List.of(),
                List.of(bridge),
                List.of(),
                List.of(),
                TunnelTrafficView.NONE);
        assertEquals("""
                switch ovs-vswitchd: jvswitch 1, pid 7, up 1m 1s, 1 worker on epoll, 3 flows
                    bridge br0: mac 02:00:00:00:00:0b, datapath id 000002000000000b, 2 interfaces
                        interface nosuch
                            could not open network device nosuch
                        interface p0
                            openflow port 5
                """, SwitchText.show(view));
    }
}
