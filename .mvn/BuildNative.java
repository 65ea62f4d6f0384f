import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds what is in C with gcc, for the machine it runs on: {@code libjvswitch.so}, or a program.
 *
 * <p>Called by the Maven build with the JDK of the toolchain, whose {@code include/} directory holds {@code jni.h}:
 * {@code java BuildNative.java SOURCE-DIRECTORY HEADER-DIRECTORY OUTPUT-DIRECTORY [PROGRAM]}, where the headers are
 * those that {@code javac -h} wrote; there may be none. What it builds lands in {@code OUTPUT-DIRECTORY/linux-ARCH/}
 * and is left alone when it is newer than every source and header.
 */
final class BuildNative {
    private BuildNative() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path sourceDirectory = Path.of(args[0]);
        Path headerDirectory = Path.of(args[1]);
        boolean program = args.length > 3;
        Path built = Path.of(args[2], "linux-" + architecture(), program ? args[3] : "libjvswitch.so");
        if (isUpToDate(built, sourceDirectory, headerDirectory)) {
            return;
        }
        Files.createDirectories(built.getParent());
        Path include = Path.of(System.getProperty("java.home"), "include");

        List<String> command = new ArrayList<>(List.of(
                System.getenv().getOrDefault("CC", "gcc"),
                "-std=gnu11",
                "-O2",
                "-g",
                "-pthread",
                "-fvisibility=hidden",
                "-fstack-protector-strong",
                "-Wall",
                "-Wextra",
                // each native has the JNI's two, and seldom a use for them
                "-Wno-unused-parameter",
                "-Werror",
                "-I" + include,
                "-I" + include.resolve("linux"),
                "-I" + headerDirectory,
                "-o",
                built.toString()));
        command.addAll(program ? List.of("-fPIE", "-pie") : List.of("-fPIC", "-shared"));
        for (Path source : filesIn(sourceDirectory, ".c")) {
            command.add(source.toString());
        }
        command.add("-ldl"); // a library of its own before glibc 2.34

        int status;
        try {
            status = new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            System.err.println("native code: cannot run " + command.getFirst() + " (" + e.getMessage()
                    + "); install a C compiler (Debian: apt-get install gcc libc6-dev)");
            System.exit(1);
            return;
        }
        if (status != 0) {
            Files.deleteIfExists(built);
            System.err.println("native code: " + command.getFirst() + " failed with status " + status);
            System.exit(1);
        }
    }

    /** The architecture as netty's native jars spell it, so that one classifier names both. */
    private static String architecture() {
        String arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> arch;
        };
    }

    private static List<Path> filesIn(Path directory, String suffix) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static boolean isUpToDate(Path result, Path... directories) throws IOException {
        if (!Files.exists(result)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(result);
        for (Path directory : directories) {
            for (Path file : filesIn(directory, "")) {
                if (Files.isRegularFile(file) && Files.getLastModifiedTime(file).compareTo(made) > 0) {
                    return false;
                }
            }
        }
        return Files.getLastModifiedTime(Path.of(System.getProperty("java.home"), "release"))
                        .compareTo(made)
                <= 0;
    }
}
