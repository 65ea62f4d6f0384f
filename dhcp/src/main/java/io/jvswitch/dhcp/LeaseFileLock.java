package io.jvswitch.dhcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lock that keeps two daemons from one lease file. It lies in a file of its own, which is never renamed: the lease file
 * is replaced now and then, and a lock on it would stay with the old one.
 */
final class LeaseFileLock {

    private static final int MAX_PID_DIGITS = 20;

    private LeaseFileLock() {}

    /** Takes the lock of a lease file; it lasts until the channel is closed or the process ends, however that comes about. */
    static FileChannel take(Path leaseFile) throws LeaseStoreException {
        Path path = leaseFile.resolveSibling(leaseFile.getFileName() + ".lock");
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
                    "lease file " + leaseFile + ": its lock " + path.getFileName() + " cannot be opened: "
                            + LeaseStoreException.reason(e),
                    "make the directory, check its owner and mode, or set another switch.state-dir",
                    e);
        }
        String holder = null;
        try {
            if (channel.tryLock() == null) {
                holder = "process " + pid(channel);
            }
        } catch (OverlappingFileLockException e) {
            holder = "this process";
        } catch (IOException e) {
            close(channel);
            throw new LeaseStoreException(
                    "lease file " + leaseFile + ": its lock cannot be taken: " + LeaseStoreException.reason(e),
                    "set another switch.state-dir, on a file system that has locks",
                    e);
        }
        if (holder != null) {
            close(channel);
            throw new LeaseStoreException(
                    "lease file " + leaseFile + " is in use by " + holder + " (lock " + path + ")",
                    "stop that daemon, or give this switch another switch.state-dir",
                    null);
        }
        writePid(channel);
        return channel;
    }

    /** For the message that a second daemon gives; a disk that is full for it is no reason not to start. */
    private static void writePid(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // the lock holds all the same
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

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written through it
        }
    }
}
