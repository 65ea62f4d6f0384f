package io.jvswitch.vswitchd.launcher;

import io.jvswitch.ovsdb.stream.ConnectionMethod;
import io.jvswitch.ovsdb.stream.TlsOptions;
import io.jvswitch.vswitchd.vlog.Vlog;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the daemon is started in place of Open vSwitch's.
 *
 * @param database where the ovsdb-server is
 * @param runDirectory where sockets and pidfile are: {@code OVS_RUNDIR}
 * @param unixctl the socket for ovs-appctl
 * @param tls what {@code ssl:} connections are made with, if any
 */
record OvsDaemonOptions(
        ConnectionMethod database,
        Path runDirectory,
        Path unixctl,
        @Nullable TlsOptions tls) {

    private static final String DEFAULT_RUN_DIRECTORY = "/var/run/openvswitch";

    /** Where sockets are by the environment. */
    private static Path runDirectoryOfEnvironment() {
        String named = System.getenv("OVS_RUNDIR");
        return Path.of(named == null || named.isEmpty() ? DEFAULT_RUN_DIRECTORY : named);
    }

    /**
     * Reads what the native program leaves to Java: options of ovs-vswitchd(8) as {@code --NAME[=VALUE]}, then the
     * database where it is named. What concerns the log is done to it.
     *
     * @throws IllegalArgumentException with what is wrong, in Open vSwitch's words
     */
    static OvsDaemonOptions parse(String[] arguments, Vlog vlog) {
        Map<String, String> values = new HashMap<>();
        String database = null;
        if (List.of(arguments).contains("--detach")) {
            // Who waits for it to detach reads what it prints as trouble; Open vSwitch's suite does.
            vlog.set("console:warn");
        }
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                database = argument;
                continue;
            }
            int equals = argument.indexOf('=');
            String name = argument.substring("--".length(), equals < 0 ? argument.length() : equals);
            String value = equals < 0 ? "" : argument.substring(equals + 1);
            if (name.equals("verbose")) {
                String error = vlog.set(value);
                if (error != null) {
                    throw new IllegalArgumentException("processing \"" + value + "\": " + error);
                }
            } else if (name.equals("log-file")) {
                vlog.open(Path.of(value)); // the native program has told of a file that cannot be
            } else {
                values.put(name, value);
            }
        }
        Path run = runDirectoryOfEnvironment();
        String usualSocket = "ovs-vswitchd." + ProcessHandle.current().pid() + ".ctl";
        return new OvsDaemonOptions(
                ConnectionMethod.parse(database == null ? "unix:" + run.resolve("db.sock") : database, run),
                run,
                run.resolve(values.getOrDefault("unixctl", usualSocket)),
                tls(values));
    }

    private static @Nullable TlsOptions tls(Map<String, String> values) {
        String key = values.get("private-key");
        String certificate = values.get("certificate");
        if (key == null || certificate == null) {
            return null;
        }
        String bootstrap = values.get("bootstrap-ca-cert");
        String authority = bootstrap != null ? bootstrap : values.get("ca-cert");
        return new TlsOptions(
                Path.of(key),
                Path.of(certificate),
                authority == null ? null : Path.of(authority),
                bootstrap != null,
                TlsOptions.protocols(values.get("ssl-protocols")));
    }
}
