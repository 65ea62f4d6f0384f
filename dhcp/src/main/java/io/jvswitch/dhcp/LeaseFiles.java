package io.jvswitch.dhcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A lease file and the files beside it, whose names begin with what they are. Were it an ending, the lease file of a
 * network called {@code blue.lock} would be the lock of {@code blue}'s.
 *
 * @param leases the lease file
 */
record LeaseFiles(Path leases) {

    /** What is locked as long as a daemon has the lease file; never renamed. */
    Path lock() {
        return beside("lock-");
    }

    /** The lease file while it is written anew. */
    Path fresh() {
        return beside("new-");
    }

    /** The lease file as it was, with lines that could not be read. */
    Path damaged() {
        return beside("damaged-");
    }

    /** What earlier versions locked; it may be the lease file of another network. */
    Path formerLock() {
        return leases.resolveSibling(leases.getFileName() + ".lock");
    }

    /**
     * What somebody else did to the lease file, as a sentence goes on, or null.
     *
     * @param key the file's ({@link LeaseFileLock#keyOf}) as it was opened, or null where there are none
     * @param bytes its length as it was left
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
