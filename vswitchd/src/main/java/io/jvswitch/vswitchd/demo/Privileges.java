package io.jvswitch.vswitchd.demo;

import io.jvswitch.dhcp.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether this process may do what the demo does, looked at before anything is made. */
final class Privileges {
    /** Bits of capability sets (linux/capability.h), and what the demo wants each for. */
    private static final Map<Integer, String> NEEDED = new LinkedHashMap<>();

    static {
        NEEDED.put(12, "CAP_NET_ADMIN");
        NEEDED.put(13, "CAP_NET_RAW");
        NEEDED.put(21, "CAP_SYS_ADMIN");
    }

    private Privileges() {}

    /** Why the demo cannot run here, with the remedy, or null. */
    static @Nullable String obstacle() {
        try {
            String obstacle = obstacle(Files.readAllLines(Path.of("/proc/self/status")));
            if (obstacle != null) {
                return obstacle;
            }
        } catch (IOException e) {
            return "cannot read /proc/self/status: " + FileFailure.text(e);
        }
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            return "no /dev/net/tun: load the kernel module tun, or pass the device into the container";
        }
        return null;
    }

    /** By the lines of {@code /proc/self/status}. */
    static @Nullable String obstacle(List<String> status) {
        if (!field(status, "Uid:").startsWith("0\t")) {
            return "the demo needs root: it makes network namespaces and TAP devices; try 'sudo'";
        }
        long effective = Long.parseUnsignedLong(field(status, "CapEff:"), 16);
        List<String> missing = new ArrayList<>();
        NEEDED.forEach((bit, name) -> {
            if ((effective >>> bit & 1) == 0) {
                missing.add(name);
            }
        });
        return missing.isEmpty()
                ? null
                : "the demo needs root with all its rights: it makes network namespaces and TAP devices, and this "
                        + "process lacks "
                        + String.join(", ", missing) + "; in a container, start it with --privileged";
    }

    private static String field(List<String> status, String name) {
        for (String line : status) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        return "";
    }
}
