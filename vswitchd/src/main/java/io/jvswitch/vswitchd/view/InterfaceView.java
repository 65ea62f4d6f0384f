package io.jvswitch.vswitchd.view;

import io.jvswitch.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * An interface of a bridge.
 *
 * @param name of the interface
 * @param number of it in the data path, by which counters know it
 * @param openFlowPort its OpenFlow port number in its bridge, -1 when it has none because of the error
 * @param error what is wrong with it, null for nothing
 * @param mac MAC address in use, null while it has no device
 * @param index the device's in its namespace, 0 without one
 * @param mtuBytes of the device, 0 without one
 * @param adminUp whether an administrator set it up
 * @param linkUp whether it has a carrier
 * @param linkResets how often the carrier has come or gone
 */
public record InterfaceView(
        String name,
        int number,
        int openFlowPort,
        @Nullable String error,
        @Nullable MacAddress mac,
        int index,
        int mtuBytes,
        boolean adminUp,
        boolean linkUp,
        long linkResets) {

    /** An interface that has no device. */
    public static InterfaceView failed(String name, int number, @Nullable String error) {
        return new InterfaceView(name, number, -1, error, null, 0, 0, false, false, 0);
    }
}
