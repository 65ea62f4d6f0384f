package io.jvswitch.tap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Loads {@code libjvswitch.so} from the jar.
 *
 * <p>The library is copied to a new directory that only this user can enter, loaded, and deleted at once: the mapping
 * outlives the file. The directory is made in {@link #DIRECTORY_PROPERTY}, or in {@code java.io.tmpdir} without it.
 *
 * <p>Nobody needs to call {@link #load()}: the first use of a port does. A program may call it at start-up to detect a
 * broken installation early. Any thread.
 */
public final class NativeLibrary {

    /** System property: the directory to unpack into, where the default one is mounted {@code noexec}. */
    public static final String DIRECTORY_PROPERTY = "jvswitch.native.dir";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library unless it is loaded.
     *
     * @throws UnsatisfiedLinkError when the jar holds no library for this machine, or it cannot be unpacked or mapped;
     *     the message says where, why and what to do
     */
    public static synchronized void load() {
        if (!loaded) {
            String directory = System.getProperty(DIRECTORY_PROPERTY, System.getProperty("java.io.tmpdir"));
            load(resource(System.getProperty("os.name"), System.getProperty("os.arch")), Path.of(directory));
            loaded = true;
        }
    }

    /** Where in the jar the library for a machine is. The directories are named as netty's native jars name them. */
    static String resource(String system, String architecture) {
        String name = switch (architecture) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> architecture;
        };
        return "/native/" + system.toLowerCase(Locale.ROOT) + "-" + name + "/libjvswitch.so";
    }

    static void load(String resource, Path directory) {
        InputStream packed = NativeLibrary.class.getResourceAsStream(resource);
        if (packed == null) {
            throw new UnsatisfiedLinkError("this build of jvswitch has no native library for this machine: " + resource
                    + " is not in the jar; build it on a machine of this kind (./mvnw -pl tap-jni -am package)");
        }
        Path home = null;
        Path library = null;
        try (packed) {
            Files.createDirectories(directory);
            home = Files.createTempDirectory(
                    directory,
                    "jvswitch-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            library = home.resolve("libjvswitch.so");
            Files.copy(packed, library);
            map(library, directory);
        } catch (IOException e) {
            throw new UnsatisfiedLinkError("cannot unpack the native library into " + directory + " (" + e
                    + "): choose a writable directory with -D" + DIRECTORY_PROPERTY + "=DIRECTORY");
        } finally {
            delete(library);
            delete(home);
        }
    }

    private static void map(Path library, Path directory) {
        try {
            System.load(library.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            throw new UnsatisfiedLinkError(mappingFailure(directory, String.valueOf(e.getMessage())));
        }
    }

    /** glibc says "failed to map segment from shared object" for a file on a noexec mount. */
    private static String mappingFailure(Path directory, String reason) {
        return reason.contains("failed to map segment")
                ? directory
                        + " does not allow programs to be run from it (mounted noexec?): choose another directory "
                        + "with -D"
                        + DIRECTORY_PROPERTY + "=DIRECTORY (" + reason + ")"
                : "cannot load the native library from " + directory + ": " + reason;
    }

    private static void delete(@Nullable Path path) {
        if (path != null) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // a leftover in the temporary directory does no harm; only the outcome of the load matters
            }
        }
    }
}
