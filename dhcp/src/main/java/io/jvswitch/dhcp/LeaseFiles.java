package io.jvswitch.dhcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A lease file and the files beside it, which have prefixes. With suffixes, the lease file of a network called {@code
 * blue.lock} would be the lock file of {@code blue}.
 *
 * @param leases the lease file
 */
record LeaseFiles(Path leases) {

    /** The lock file, which is locked as long as a daemon uses the lease file; never renamed. */
    Path lock() {
        return beside("lock-");
    }

    /** The new lease file while it is being written. */
    Path fresh() {
        return beside("new-");
    }

    /** A copy of a lease file with lines that could not be read. */
    Path damaged() {
        return beside("damaged-");
    }

    /** The lock file of earlier versions; it may be the lease file of another network. */
    Path formerLock() {
        return leases.resolveSibling(leases.getFileName() + ".lock");
    }

    /**
     * What somebody else did to the lease file, as the end of a sentence, or null.
     *
     * @param key the file's ({@link LeaseFileLock#keyOf}) when it was opened, or null where there are none
     * @param bytes its length after the last write
     */
    @Nullable
    String changedByOthers(@Nullable Object key, long bytes) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(leases, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return "was removed";
        }
        if (key != null && !key.equals(found.fileKey())) {
            return "was replaced by another";
        }
        return found.size() == bytes ? null : "was changed to " + found.size() + " bytes from " + bytes;
    }

    private Path beside(String prefix) {
        return leases.resolveSibling(prefix + leases.getFileName());
    }
}
