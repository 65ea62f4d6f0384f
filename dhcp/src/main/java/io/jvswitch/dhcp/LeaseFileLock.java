package io.jvswitch.dhcp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The lock that keeps two daemons from using one lease file. It is on a file of its own, which is never renamed: the
 * lease file is replaced now and then, and a lock on it would stay with the old one. It lasts until it is closed or the
 * process ends, in whatever way.
 */
final class LeaseFileLock implements Closeable {

    private static final int MAX_PID_DIGITS = 20;

    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object fileKey;

    private LeaseFileLock(Path path, FileChannel channel, @Nullable Object fileKey) {
        this.path = path;
        this.channel = channel;
        this.fileKey = fileKey;
    }

    /** Takes the lock of a lease file. */
    static LeaseFileLock take(LeaseFiles files) throws LeaseStoreException {
        Path path = files.lock();
        FileChannel channel;
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (IOException e) {
            throw new LeaseStoreException(
                    "lease file " + files.leases() + ": its lock " + path.getFileName() + " cannot be opened: "
                            + FileFailure.text(e),
                    "make the directory, check its owner and mode, or set another switch.state-dir",
                    e);
        }
        try {
            String holder = tryLock(channel);
            if (holder == null) {
                holder = removeFormer(files.formerLock());
            }
            if (holder != null) {
                throw new LeaseStoreException(
                        "lease file " + files.leases() + " is in use by " + holder + " (lock " + path + ")",
                        "stop that daemon, or give this switch another switch.state-dir",
                        null);
            }
            writePid(channel);
            return new LeaseFileLock(path, channel, keyOf(path));
        } catch (LeaseStoreException e) {
            closeQuietly(channel);
            throw e;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new LeaseStoreException(
                    "lease file " + files.leases() + ": its lock cannot be taken: " + FileFailure.text(e),
                    "set another switch.state-dir, on a file system that has locks",
                    e);
        }
    }

    /** Takes the lock; returns who holds it, or null when it is ours now. */
    private static @Nullable String tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null ? "process " + pid(channel) : null;
        } catch (OverlappingFileLockException e) {
            return "this process";
        }
    }

    /**
     * Removes the lock file of an earlier version, unless its daemon still runs: then returns who that is. A file that
     * contains more than a process number is not a lock file, but some network's leases.
     */
    private static @Nullable String removeFormer(Path former) {
        if (!Files.isRegularFile(former, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(former, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > MAX_PID_DIGITS || !pid(channel).matches("[0-9]*")) {
                return null;
            }
            String holder = tryLock(channel);
            if (holder == null) {
                Files.delete(former);
            }
            return holder;
        } catch (IOException e) {
            return null; // a file that cannot be opened or removed does no harm
        }
    }

    /** Whether the lock file is still in its place: a lock on a removed file keeps nobody out. */
    boolean isInPlace() {
        try {
            Object now = keyOf(path);
            return now == null || now.equals(fileKey);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // then nobody else can open it either
        }
    }

    /** What distinguishes a file from another of the same name; null where the file system has no such key. */
    static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** For the message of a second daemon; if the disk is full for it, that is no reason not to start. */
    private static void writePid(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // the lock holds anyway
        }
    }

    private static String pid(FileChannel channel) {
        ByteBuffer text = ByteBuffer.allocate(MAX_PID_DIGITS);
        try {
            channel.read(text, 0);
        } catch (IOException e) {
            return "(unknown)";
        }
        return StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written through it
        }
    }
}
