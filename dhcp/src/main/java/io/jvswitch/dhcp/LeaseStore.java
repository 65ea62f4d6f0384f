package io.jvswitch.dhcp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lease file of one network: a journal of text lines ({@link LeaseLineWriter}) that outlives the daemon.
 *
 * <p><b>What is promised.</b> A change is handed to the kernel, as one whole line, before the client is told. So leases
 * survive the daemon's death at any moment, {@code kill -9} included. The file is flushed to the disk once a second
 * while it changes, not for each lease: a crash of the whole machine can lose the last second, but the machine's guests
 * crash with it, and a client that renews an address that nobody else has gets it back. With a flush for each lease,
 * the 1,000 guests of a booting hypervisor would have to wait for 1,000 disk writes in sequence.
 *
 * <p><b>Reading.</b> An unfinished last line (the daemon died while writing) is cut off. A damaged line is reported
 * with its number and offset and skipped; a copy of the original file is kept ({@link LeaseFiles#damaged}). Changed
 * line endings do no harm, and a line written by hand has {@code edited} in place of its checksum.
 *
 * <p><b>Growing.</b> When more lines have been appended than twice the number of current leases, and at least 1,024, a
 * new file is written beside it, flushed, and put in its place by an atomic rename.
 *
 * <p><b>Disk full, or any other failure.</b> Reported once; leases go on in memory. Every five seconds the whole state
 * is written to a new file as above; once that succeeds nothing is missing and appending resumes. The last good file is
 * never touched.
 *
 * <p><b>Removed, replaced or written to by others.</b> Detected within seconds, reported, and repaired from memory.
 *
 * <p>A second daemon on the same file is refused through a lock ({@link LeaseFileLock}). Owned by the conductor thread;
 * calls may block on the disk. Appending allocates nothing.
 */
public final class LeaseStore implements AutoCloseable {

    private static final String HEADER = LeaseJournal.HEADER + '\n';
    private static final long FLUSH_INTERVAL_MS = 1_000;
    private static final long RETRY_INTERVAL_MS = 5_000;
    /** How often the file is checked: two system calls each time. */
    private static final long CHECK_INTERVAL_MS = 5_000;

    private static final int MIN_COMPACT_LINES = 1_024;
    /** {@link #compactAtLines}: rewrite the file whatever is in it. */
    private static final int AT_ONCE = -1;

    /** What the file is rewritten from: the leases in memory. */
    interface Source {
        /** Calls {@code consumer} for each lease. */
        void forEach(Consumer<Lease> consumer);
    }

    private final @Nullable LeaseFiles files;
    private @Nullable LeaseFileLock lock;
    private final DhcpEvents events;
    private final LeaseLineWriter line = new LeaseLineWriter();
    private @Nullable Source source;

    private @Nullable FileChannel channel;
    /** Distinguishes the file that the channel writes to from another of its name. */
    private @Nullable Object fileKey;

    private long goodBytes;
    private int appendedLines;
    private int compactAtLines;
    private boolean unflushed;
    private long flushedAtMs;
    private long checkedAtMs;
    private @Nullable IOException failure;
    private long failedAtMs;
    private boolean retryAtOnce;
    private boolean keepDamaged;
    private List<LeaseRecord> loaded = List.of();

    private LeaseStore(@Nullable LeaseFiles files, @Nullable LeaseFileLock lock, DhcpEvents events) {
        this.files = files;
        this.lock = lock;
        this.events = events;
    }

    /** A store that keeps nothing: leases end with the daemon. */
    public static LeaseStore inMemory(DhcpEvents events) {
        return new LeaseStore(null, null, events);
    }

    /**
     * Opens a lease file, or creates one; its directory is created if missing.
     *
     * @param path the file; those of {@link LeaseFiles} lie beside it
     * @param events listener for damage and failures
     * @throws LeaseStoreException when another daemon has it, or it cannot be read; not when the disk is full
     */
    public static LeaseStore open(Path path, DhcpEvents events) throws LeaseStoreException {
        LeaseFiles files = new LeaseFiles(path);
        LeaseStore store = new LeaseStore(files, LeaseFileLock.take(files), events);
        try {
            store.load();
            return store;
        } catch (IOException e) {
            store.close();
            throw new LeaseStoreException(
                    "lease file " + path + " cannot be read: " + FileFailure.text(e),
                    "check its owner and mode, and the disk",
                    e);
        }
    }

    private void load() throws IOException {
        Path file = files().leases();
        FileChannel opened =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        channel = opened;
        fileKey = LeaseFileLock.keyOf(file);
        LeaseJournal journal = LeaseJournal.read(opened);
        loaded = journal.records();
        appendedLines = journal.lines();
        keepDamaged = !journal.problems().isEmpty();
        // A damaged file is rewritten at once, so that the damage is reported once; an edited one gets its checksums.
        compactAtLines = keepDamaged || !journal.asWritten() ? AT_ONCE : Math.max(MIN_COMPACT_LINES, 2 * loaded.size());
        goodBytes = journal.goodBytes();
        for (String problem : journal.problems()) {
            events.warn("lease file " + file + ": " + problem);
        }
        if (journal.editedLines() > 0) {
            events.info("lease file " + file + ": lines edited by hand that count: " + journal.editedLines());
        }
        if (journal.tornBytes() > 0) {
            events.warn("lease file " + file + ": the last " + journal.tornBytes()
                    + " bytes, from offset " + goodBytes
                    + " on, are an unfinished line and were cut off: the daemon was "
                    + "stopped while it wrote them, before any client was told");
            opened.truncate(goodBytes);
        }
        if (journal.endMissing()) {
            append("\n");
        }
        if (goodBytes == 0) {
            append(HEADER);
        }
    }

    private void append(String text) {
        append(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * The records that were in the file, one for each address; the caller makes leases of them and then calls {@link
     * #attach}.
     */
    List<LeaseRecord> takeLoaded() {
        List<LeaseRecord> records = loaded;
        loaded = List.of();
        return records;
    }

    /** Sets the leases from which the file is rewritten. */
    void attach(Source leases) {
        source = leases;
    }

    /**
     * Records a lease. If that fails, the change still counts: it is in memory, and in the file as soon as that can be
     * written again.
     *
     * @return whether it is in the file
     */
    boolean append(LeaseRecord.Kind kind, Lease lease) {
        if (files == null) {
            return true;
        }
        if (failure != null) {
            return false;
        }
        boolean written = append(line.write(kind, lease));
        appendedLines += written ? 1 : 0;
        return written;
    }

    /** The times in the file are no longer those of the leases: it is rewritten by the next {@link #doWork}. */
    void rewriteSoon() {
        compactAtLines = AT_ONCE;
    }

    private boolean append(ByteBuffer bytes) {
        FileChannel to = channel;
        try {
            if (to == null) {
                throw new IOException("the file is closed");
            }
            long at = goodBytes;
            while (bytes.hasRemaining()) {
                at += to.write(bytes, at);
            }
            goodBytes = at;
            unflushed = true;
            return true;
        } catch (IOException e) {
            fail(e);
            return false;
        }
    }

    private void fail(IOException e) {
        if (failure == null) {
            events.warn("lease file " + files().leases() + " cannot be written: " + FileFailure.reason(e)
                    + "; leases go on in memory and would be lost if the daemon stopped now. Make room on the disk, "
                    + "or see to its "
                    + "errors: writing is tried again every " + RETRY_INTERVAL_MS / 1000 + " seconds");
            retryAtOnce = true;
        }
        failure = e;
        try {
            if (channel != null) {
                channel.truncate(goodBytes);
            }
        } catch (IOException again) {
            // An unfinished line remains; a reader recognises it by its missing line feed.
        }
    }

    /**
     * Flushes, compacts, or retries after a failure, whichever is due. To be called about once a second.
     *
     * @param nowEpochMs the time of day
     */
    public void doWork(long nowEpochMs) {
        if (channel == null) {
            return;
        }
        if (failure == null && isDue(checkedAtMs, CHECK_INTERVAL_MS, nowEpochMs)) {
            checkedAtMs = nowEpochMs;
            checkFile();
        }
        if (failure != null) {
            if (retryAtOnce || isDue(failedAtMs, RETRY_INTERVAL_MS, nowEpochMs)) {
                retryAtOnce = false;
                failedAtMs = nowEpochMs;
                retry();
            }
        } else if (appendedLines > compactAtLines) {
            compact();
        } else if (unflushed && isDue(flushedAtMs, FLUSH_INTERVAL_MS, nowEpochMs)) {
            flushedAtMs = nowEpochMs;
            flush();
        }
    }

    /** If the clock was set back, everything is due. */
    private static boolean isDue(long lastMs, long intervalMs, long nowMs) {
        return nowMs - lastMs >= intervalMs || nowMs < lastMs;
    }

    /** Repairs what others did to the file and its lock. */
    private void checkFile() {
        try {
            String what = files().changedByOthers(fileKey, goodBytes);
            if (what != null) {
                keepDamaged = true;
                events.warn("lease file " + files().leases() + " " + what
                        + " while the daemon uses it; it is written anew from "
                        + "the leases in memory. Stop the daemon before you touch its file");
                rewrite();
            } else {
                renewLock();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Takes the lock again if its file was removed: otherwise a second daemon would not find it. */
    private void renewLock() throws IOException {
        LeaseFileLock held = lock;
        if (held != null && !held.isInPlace()) {
            lock = LeaseFileLock.take(files());
            held.close();
        }
    }

    private void retry() {
        IOException before = failure;
        try {
            int lines = rewrite();
            events.info("lease file " + files().leases() + " is written again, with all " + lines
                    + " leases; it had failed with: " + (before == null ? "" : FileFailure.reason(before)));
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Appending goes on if this fails: the file is just longer than necessary. */
    private void compact() {
        try {
            rewrite();
        } catch (IOException e) {
            events.warn("lease file " + files().leases() + " cannot be compacted: " + FileFailure.reason(e)
                    + "; it goes on growing. Make room on the disk, and let the daemon write to its directory");
            compactAtLines = 2 * appendedLines;
        }
    }

    private void flush() {
        try {
            if (channel != null) {
                channel.force(false);
            }
            unflushed = false;
        } catch (IOException e) {
            // The kernel may have dropped what it could not write to the disk: only rewriting everything is safe.
            fail(e);
        }
    }

    /**
     * Writes the whole state into a new file and puts it in place; the old one stays until then. Returns the number of
     * leases in it.
     */
    private int rewrite() throws IOException {
        Source leases = source;
        if (leases == null) {
            throw new IOException("the leases are not read yet");
        }
        Path directory = files().leases().toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory); // the directory may be what was removed
        }
        renewLock();
        Path file = files().leases();
        Path fresh = files().fresh();
        LeaseRewrite written;
        try {
            written = LeaseRewrite.write(fresh, HEADER, line, leases);
        } catch (IOException e) {
            LeaseRewrite.discard(fresh);
            throw e;
        }
        try {
            if (keepDamaged) {
                LeaseRewrite.keep(file, files().damaged(), events);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            written.channel().close();
            LeaseRewrite.discard(fresh);
            throw e;
        }
        FileChannel old = channel;
        channel = written.channel();
        fileKey = LeaseFileLock.keyOf(file);
        goodBytes = written.bytes();
        appendedLines = 0;
        compactAtLines = Math.max(MIN_COMPACT_LINES, 2 * written.lines());
        unflushed = false;
        keepDamaged = false;
        if (old != null) {
            old.close();
        }
        LeaseRewrite.flushDirectory(file);
        failure = null;
        return written.lines();
    }

    /** Why changes are not being written; null when all is well. */
    public @Nullable String failure() {
        return failure == null ? null : FileFailure.reason(failure);
    }

    private LeaseFiles files() {
        if (files == null) {
            throw new IllegalStateException("a store in memory has no file");
        }
        return files;
    }

    /**
     * Flushes and releases the file. A failure is reported, not thrown: the data is in the kernel's hands already.
     */
    @Override
    public void close() {
        List<Closeable> open = new ArrayList<>();
        if (channel != null) {
            if (failure == null && source != null) {
                checkFile();
            }
            if (failure != null && source != null) {
                retry();
            } else if (unflushed) {
                flush();
            }
            open.add(channel);
        }
        if (lock != null) {
            open.add(lock);
        }
        channel = null;
        for (Closeable each : open) {
            try {
                each.close();
            } catch (IOException e) {
                events.warn("lease file " + files().leases() + " could not be closed: " + FileFailure.reason(e));
            }
        }
    }
}
