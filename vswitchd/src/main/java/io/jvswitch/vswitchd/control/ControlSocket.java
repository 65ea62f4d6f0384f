package io.jvswitch.vswitchd.control;

import io.jvswitch.dhcp.FileFailure;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of a control socket in the file system, owned by at most one daemon at a time.
 *
 * <p>A lock file beside the socket, locked for as long as the process lives, decides between daemons that start at
 * once; it needs no clean-up after a crash. The socket is bound in a private directory, given its mode, and only then
 * moved into place: nobody ever sees it with another mode, and a socket that a crashed daemon left is replaced in one
 * step.
 */
public final class ControlSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int LOCK_ATTEMPTS = 16;
    private static final long ENDING_POLL_MS = 20;
    /** Places that this process has. */
    private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockPath;
    private final FileChannel lockFile;
    private final Path privateDir;
    private @Nullable Object boundKey;

    private ControlSocket(Path path, Path lockPath, FileChannel lockFile, Path privateDir) {
        this.path = path;
        this.lockPath = lockPath;
        this.lockFile = lockFile;
        this.privateDir = privateDir;
    }

    /**
     * Takes the place.
     *
     * @throws ControlRefusedException when another daemon has it, or the file system refuses
     */
    public static ControlSocket claim(Path path) {
        Path place = path.toAbsolutePath().normalize();
        Path parent = place.getParent();
        if (parent == null) {
            throw refused(path, "is not a path for a socket", "set switch.control-socket to a file's path");
        }
        if (!CLAIMED.add(place)) {
            throw refused(path, "this process serves it already", "give this switch another name");
        }
        try {
            return claim(path, place, parent);
        } catch (IOException e) {
            CLAIMED.remove(place);
            throw refused(
                    path,
                    "cannot be made: " + FileFailure.text(e),
                    "make " + parent + " writable for the daemon, or set switch.control-socket");
        } catch (RuntimeException e) {
            CLAIMED.remove(place);
            throw e;
        }
    }

    private static ControlSocket claim(Path path, Path place, Path parent) throws IOException {
        Files.createDirectories(parent);
        Path lockPath = parent.resolve(place.getFileName() + ".lock");
        awaitEndOf(lockPath, path);
        FileChannel lockFile = lock(path, lockPath);
        try {
            refuseLiveOwner(path);
            Path privateDir = parent.resolve("." + UUID.randomUUID().toString().substring(0, 8));
            Files.createDirectory(
                    privateDir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new ControlSocket(place, lockPath, lockFile, privateDir);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(lockPath);
            lockFile.close();
            throw e;
        }
    }

    /**
     * A daemon that was killed still has its socket, its lock and its devices while the kernel closes them one after
     * the
     * other: none of them can be had before.
     */
    private static void awaitEndOf(Path lockPath, Path path) throws IOException {
        long pid;
        try {
            pid = Long.parseLong(ownerOf(lockPath));
        } catch (NumberFormatException e) {
            return; // nobody had it
        }
        if (!EndingProcess.is(pid)) {
            return;
        }
        LOG.warn(
                "control socket {}: waits for the end of pid {}, which was killed:"
                        + " the kernel is still closing its devices",
                path,
                pid);
        while (EndingProcess.is(pid)) {
            try {
                Thread.sleep(ENDING_POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while pid " + pid + " ended");
            }
        }
        LOG.info("control socket {}: pid {} has ended", path, pid);
    }

    /**
     * Opens and locks the lock file.
     *
     * <p>The kernel drops a process's lock when the process closes <em>any</em> descriptor of the file (fcntl(2)), so a
     * file that this process has locked must not be opened a second time, not even to look at it; {@link #CLAIMED} sees
     * to that.
     */
    private static FileChannel lock(Path path, Path lockPath) throws IOException {
        for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
            try {
                Files.createFile(lockPath, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (FileAlreadyExistsException e) {
                // of a daemon that runs, or of one that crashed
            }
            Object before = fileKey(lockPath);
            FileChannel file;
            try {
                file = FileChannel.open(lockPath, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                continue;
            }
            if (file.tryLock() == null) {
                file.close();
                throw refused(
                        path,
                        "another daemon serves it" + owner(lockPath),
                        "stop that one, or give this switch another name");
            }
            // A daemon that ends deletes its lock file. If that happened meanwhile, this lock is on a file that nobody
            // else will ever see.
            if (before != null && before.equals(fileKey(lockPath))) {
                file.truncate(0);
                byte[] mark = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
                file.write(ByteBuffer.wrap(mark));
                return file;
            }
            file.close();
        }
        throw new IOException("lock file " + lockPath + " keeps changing");
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String owner(Path lockPath) {
        String pid = ownerOf(lockPath);
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }

    /**
     * Who wrote the lock file, empty when nobody did or it cannot be read. Not for a file that this process has
     * locked.
     */
    private static String ownerOf(Path lockPath) {
        try {
            return Files.readString(lockPath).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static void refuseLiveOwner(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!attributes.isOther()) {
            throw refused(
                    path, "exists and is not a socket", "remove it, or set switch.control-socket to another path");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return;
        }
        throw refused(path, "another program serves it", "stop that one, or set switch.control-socket to another path");
    }

    private static ControlRefusedException refused(Path path, String what, String remedy) {
        return new ControlRefusedException(Kind.CONFLICT, "control socket " + path, null, what, remedy);
    }

    /** Where to bind. */
    public Path bindPath() {
        return privateDir.resolve("s");
    }

    /** Moves the bound socket into place, with its mode. */
    public void publish() throws IOException {
        Path bound = bindPath();
        Files.setPosixFilePermissions(bound, OWNER_ONLY);
        boundKey = Files.readAttributes(bound, BasicFileAttributes.class).fileKey();
        Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(privateDir);
    }

    /** Removes the socket, if it is still this one, and lets the next daemon have the place. */
    @Override
    public void close() throws IOException {
        if (!lockFile.isOpen()) {
            return;
        }
        Files.deleteIfExists(bindPath());
        Files.deleteIfExists(privateDir);
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            if (key != null && key.equals(boundKey)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // somebody cleaned up before
        }
        Files.deleteIfExists(lockPath);
        lockFile.close();
        CLAIMED.remove(path);
    }
}
