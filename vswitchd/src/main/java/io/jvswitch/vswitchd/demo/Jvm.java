package io.jvswitch.vswitchd.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of further JVMs, with the Java and the class path of this one. The options are those of the launcher.
 */
public final class Jvm {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final List<String> DAEMON_OPTIONS = List.of(
            "-XX:+UseG1GC",
            "-XX:MaxTenuringThreshold=0",
            "-XX:+UseTransparentHugePages",
            "-Xms64m",
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError");

    private static final List<String> SHORT_LIVED_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

    private Jvm() {}

    /** The daemon. */
    public static List<String> daemon(Path configuration) {
        return of(DAEMON_OPTIONS, "io.jvswitch.vswitchd.Main", List.of("run", "--config", configuration.toString()));
    }

    /** A command to a daemon. */
    static List<String> command(Path socket, List<String> words) {
        List<String> arguments = new ArrayList<>(List.of("--socket", socket.toString()));
        arguments.addAll(words);
        return of(SHORT_LIVED_OPTIONS, "io.jvswitch.vswitchd.Main", arguments);
    }

    /** What runs inside a guest. */
    static List<String> guest(String... words) {
        List<String> options = new ArrayList<>(SHORT_LIVED_OPTIONS);
        // A socket of both families answers to neither the broadcast of a device without an address.
        options.add("-Djava.net.preferIPv4Stack=true");
        return of(options, Guest.class.getName(), List.of(words));
    }

    private static List<String> of(List<String> options, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xshare:auto",
                "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }
}
