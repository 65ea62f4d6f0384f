package io.jvswitch.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs and rights that a device test stands on. Where one is missing the test fails with the package's name if
 * the system property {@code jvswitch.peers} is {@code required}, which {@code ./test} sets, and is skipped otherwise.
 */
public final class Peers {
    private static final Map<String, String> PACKAGES = packages();
    private static final List<Path> DIRECTORIES = directories();

    private Peers() {}

    /**
     * Ends the calling test unless every program is installed.
     *
     * @param programs names listed in {@code peers.txt} beside this class
     */
    public static void require(String... programs) {
        require(PACKAGES, isRequired(), programs);
    }

    static void require(Map<String, String> packages, boolean required, String... programs) {
        List<String> missing = new ArrayList<>();
        for (String program : programs) {
            String debianPackage = packages.get(program);
            if (debianPackage == null) {
                throw new IllegalArgumentException(
                        "test peer " + program + " is not in testkit's peers.txt: add it with its Debian package");
            }
            if (!isInstalled(program)) {
                missing.add(program + " (Debian: apt-get install " + debianPackage + ")");
            }
        }
        if (!missing.isEmpty()) {
            end(required, "test peer missing: " + String.join(", ", missing));
        }
    }

    /** Ends the calling test unless it may create network namespaces and TAP devices. */
    public static void requireRoot() {
        require("ip");
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                end(isRequired(), "this test creates network namespaces and devices: run it as root");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            end(isRequired(), "no /dev/net/tun: load the kernel module tun, or pass the device into the container");
        }
    }

    private static boolean isRequired() {
        return System.getProperty("jvswitch.peers", "optional").equals("required");
    }

    private static void end(boolean required, String why) {
        if (required) {
            Assertions.fail(why);
        }
        Assumptions.abort(why);
    }

    private static boolean isInstalled(String program) {
        return DIRECTORIES.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(program)));
    }

    /** PATH, and the sbin directories, which not every account has on it. */
    private static List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            directories.add(Path.of(directory));
        }
        directories.add(Path.of("/usr/local/sbin"));
        directories.add(Path.of("/usr/sbin"));
        directories.add(Path.of("/sbin"));
        return directories;
    }

    private static Map<String, String> packages() {
        Map<String, String> packages = new LinkedHashMap<>();
        try (InputStream in = Peers.class.getResourceAsStream("peers.txt")) {
            if (in == null) {
                throw new IllegalStateException("peers.txt is not beside " + Peers.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] words = line.trim().split("\\s+", -1);
                    packages.put(words[0], words[1]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packages;
    }
}
