package io.jvswitch.vswitchd.conductor.underlay;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device by which packets leave when no route is known better: the default route's, of several the one with the
 * smallest MTU. For a VTEP whose address is on the loopback device, as in routed fabrics.
 *
 * @param device its name
 * @param mtuBytes its MTU
 */
record WayOut(String device, int mtuBytes) {

    private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);
    private static final String ANY_IPV4 = "00000000";
    private static final String ANY_IPV6 = "0".repeat(32);

    /** The daemon's way out now, null without a default route. */
    static @Nullable WayOut find(boolean ipv4) {
        WayOut found = null;
        try {
            Path table = Path.of(ipv4 ? "/proc/thread-self/net/route" : "/proc/thread-self/net/ipv6_route");
            for (String name : ipv4 ? ipv4Devices(Files.readAllLines(table)) : ipv6Devices(Files.readAllLines(table))) {
                NetworkInterface device = NetworkInterface.getByName(name);
                if (device != null && !device.isLoopback() && (found == null || device.getMTU() < found.mtuBytes())) {
                    found = new WayOut(name, device.getMTU());
                }
            }
        } catch (IOException e) {
            LOG.debug("the default route cannot be read", e);
        }
        return found;
    }

    /**
     * Devices of the default routes in {@code /proc/net/route} (proc_net(5)): device, destination, ... mask in the
     * eighth column.
     */
    static List<String> ipv4Devices(List<String> lines) {
        List<String> devices = new ArrayList<>();
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > 7 && columns[1].equals(ANY_IPV4) && columns[7].equals(ANY_IPV4)) {
                devices.add(columns[0]);
            }
        }
        return devices;
    }

    /** Devices of the default routes in {@code /proc/net/ipv6_route}: destination, prefix length, ... device last. */
    static List<String> ipv6Devices(List<String> lines) {
        List<String> devices = new ArrayList<>();
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > 9 && columns[0].equals(ANY_IPV6) && columns[1].equals("00")) {
                devices.add(columns[columns.length - 1]);
            }
        }
        return devices;
    }
}
