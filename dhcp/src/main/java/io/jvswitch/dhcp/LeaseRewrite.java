package io.jvswitch.dhcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A new lease file, complete and flushed to the disk, but not yet in its place.
 *
 * @param channel open for further lines
 * @param bytes its length
 * @param lines number of leases in it
 */
record LeaseRewrite(FileChannel channel, long bytes, int lines) {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Writes all leases to a file, replacing what is there. */
    static LeaseRewrite write(Path to, String header, LeaseLineWriter line, LeaseStore.Source source)
            throws IOException {
        FileChannel channel = FileChannel.open(
                to,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            buffer.put(header.getBytes(StandardCharsets.US_ASCII));
            int[] lines = {0};
            source.forEach(lease -> {
                LeaseRecord.Kind kind = kindOf(lease);
                if (kind != null) {
                    add(buffer, line.write(kind, lease), channel);
                    lines[0]++;
                }
            });
            drain(buffer, channel);
            channel.force(true);
            return new LeaseRewrite(channel, channel.size(), lines[0]);
        } catch (UncheckedIOException e) {
            channel.close();
            throw e.getCause();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * The kind of record for a lease, or null when it is not recorded: an offer to a client that never had the address.
     */
    private static LeaseRecord.@Nullable Kind kindOf(Lease lease) {
        return switch (lease.state) {
            case BOUND -> LeaseRecord.Kind.BOUND;
            case DECLINED -> LeaseRecord.Kind.DECLINED;
            case OFFERED, EXPIRED -> lease.everBound ? LeaseRecord.Kind.FREE : null;
        };
    }

    private static void add(ByteBuffer buffer, ByteBuffer line, FileChannel channel) {
        try {
            if (buffer.remaining() < line.remaining()) {
                drain(buffer, channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.put(line);
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Flushes a rename to the disk: it is the directory that changed. */
    static void flushDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Keeps a lease file that is about to be replaced under a second name, because not all its lines are in the new
     * one.
     */
    static void keep(Path file, Path kept, DhcpEvents events) {
        try {
            Files.createLink(kept, file);
            events.info("lease file " + file + " as it was is kept as " + kept);
        } catch (NoSuchFileException e) {
            // removed: there is nothing to keep
        } catch (FileAlreadyExistsException e) {
            events.info("lease file " + file + " as it was is not kept, as there is a " + kept + " already");
        } catch (IOException | UnsupportedOperationException e) {
            events.warn("lease file " + file + " as it was cannot be kept as " + kept + ": " + e);
        }
    }

    /** Removes an unfinished file; if that fails, the next attempt overwrites it. */
    static void discard(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // the next attempt reports what is wrong with the directory
        }
    }
}
