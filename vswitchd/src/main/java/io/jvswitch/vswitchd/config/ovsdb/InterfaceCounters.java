package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.tap.DeviceStatistics;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What crossed interfaces, as Open vSwitch's database names it: by the kernel's counters of their devices. */
final class InterfaceCounters {

    private static final Logger LOG = LoggerFactory.getLogger(InterfaceCounters.class);

    private InterfaceCounters() {}

    /**
     * By the interfaces' names; of those without a device nothing.
     *
     * @param which names of those that are looked at
     */
    static Map<String, Map<String, Long>> read(List<BridgeSpec> bridges, Predicate<String> which) {
        Map<String, Map<String, Long>> all = new HashMap<>();
        for (BridgeSpec bridge : bridges) {
            for (BridgePortSpec port : bridge.ports()) {
                for (InterfaceSpec one : port.interfaces()) {
                    if (one.type().isDevice() && which.test(one.name())) {
                        read(one, all);
                    }
                }
            }
        }
        return all;
    }

    private static void read(InterfaceSpec one, Map<String, Map<String, Long>> all) {
        try {
            DeviceStatistics counted = NetDevice.named(one.name()).statistics();
            all.put(one.name(), one.type() == InterfaceType.SYSTEM ? ofDevice(counted) : ofInternal(counted));
        } catch (NativeException e) {
            LOG.debug("interface {} cannot be counted", one.name(), e);
        }
    }

    private static Map<String, Long> ofDevice(DeviceStatistics counted) {
        return Map.ofEntries(
                Map.entry("rx_packets", counted.rxPackets()),
                Map.entry("tx_packets", counted.txPackets()),
                Map.entry("rx_bytes", counted.rxBytes()),
                Map.entry("tx_bytes", counted.txBytes()),
                Map.entry("rx_errors", counted.rxErrors()),
                Map.entry("tx_errors", counted.txErrors()),
                Map.entry("rx_dropped", counted.rxDropped()),
                Map.entry("tx_dropped", counted.txDropped()),
                Map.entry("rx_multicast_packets", counted.multicast()),
                Map.entry("collisions", counted.collisions()),
                Map.entry("rx_over_err", counted.rxOverErrors()),
                Map.entry("rx_crc_err", counted.rxCrcErrors()),
                Map.entry("rx_frame_err", counted.rxFrameErrors()),
                Map.entry("rx_missed_errors", counted.rxMissedErrors()));
    }

    /** What the host sends by its TAP comes in to the bridge. */
    private static Map<String, Long> ofInternal(DeviceStatistics counted) {
        return ofDevice(new DeviceStatistics(
                counted.txPackets(),
                counted.rxPackets(),
                counted.txBytes(),
                counted.rxBytes(),
                counted.txErrors(),
                counted.rxErrors(),
                counted.txDropped(),
                counted.rxDropped(),
                counted.multicast(),
                counted.collisions(),
                counted.rxOverErrors(),
                counted.rxCrcErrors(),
                counted.rxFrameErrors(),
                counted.rxMissedErrors()));
    }
}
