package io.jvswitch.ovsdb.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A name by which the kernel takes a Unix socket's path. A path of more than 107 bytes does not fit {@code sockaddr_un}
 * (unix(7)); then it is reached by a short-lived symbolic link to its directory.
 */
public final class SocketPath implements AutoCloseable {

    private static final int MAX_BYTES = 107;

    private final Path name;
    private final @Nullable Path link;

    private SocketPath(Path name, @Nullable Path link) {
        this.name = name;
        this.link = link;
    }

    /**
     * A name for {@code path}, to be closed once the socket is bound or connected.
     *
     * @throws IOException when a link is needed and cannot be made
     */
    public static SocketPath of(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path directory = absolute.getParent();
        Path file = absolute.getFileName();
        if (directory == null
                || file == null
                || absolute.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            return new SocketPath(absolute, null);
        }
        Path holder = Files.createTempDirectory("jvs-");
        Path link = Files.createSymbolicLink(holder.resolve("d"), directory);
        return new SocketPath(link.resolve(file), link);
    }

    /** What to bind or connect to. */
    public Path name() {
        return name;
    }

    @Override
    public void close() {
        if (link != null) {
            try {
                Files.deleteIfExists(link);
                Path holder = link.getParent();
                if (holder != null) {
                    Files.deleteIfExists(holder);
                }
            } catch (IOException _) {
                // An empty directory among the temporary files harms nobody.
            }
        }
    }
}
