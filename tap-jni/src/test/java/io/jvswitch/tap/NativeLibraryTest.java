package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {

    @Test
    void theDirectoryInTheJarIsNamedByTheMachine() {
        assertEquals("/native/linux-x86_64/libjvswitch.so", NativeLibrary.resource("Linux", "amd64"));
        assertEquals("/native/linux-aarch_64/libjvswitch.so", NativeLibrary.resource("Linux", "aarch64"));
        assertEquals("/native/linux-riscv64/libjvswitch.so", NativeLibrary.resource("Linux", "riscv64"));
    }

    @Test
    void anotherMachinesJarIsNamed(@TempDir Path directory) {
        String resource = NativeLibrary.resource("Linux", "riscv64");
        String message =
                message(assertThrows(UnsatisfiedLinkError.class, () -> NativeLibrary.load(resource, directory)));
        assertTrue(message.contains("no native library for this machine"), message);
        assertTrue(message.contains("linux-riscv64"), message);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        String resource = NativeLibrary.resource(System.getProperty("os.name"), System.getProperty("os.arch"));
        String message = message(
                assertThrows(UnsatisfiedLinkError.class, () -> NativeLibrary.load(resource, file.resolve("below"))));
        assertTrue(message.contains(file.toString()), message);
        assertTrue(message.contains("-D" + NativeLibrary.DIRECTORY_PROPERTY), message);
    }

    @Test
    void loadingLeavesNothingBehind(@TempDir Path directory) throws IOException {
        // Already loaded from elsewhere by another test, or not: the JVM takes a library a second time under a new
        // path.
        NativeLibrary.load(
                NativeLibrary.resource(System.getProperty("os.name"), System.getProperty("os.arch")), directory);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
