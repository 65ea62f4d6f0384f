package io.jvswitch.dhcp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A lease file cannot be opened: says which, why, and what to do. */
public final class LeaseStoreException extends IOException {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String remedy;

    LeaseStoreException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + "; " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** Which file and why. */
    public String problem() {
        return problem;
    }

    /** What an operator can do about it. */
    public String remedy() {
        return remedy;
    }

    /** What the file system said, in words: the JDK's exceptions of files have the path for a message, and the reason for a name. */
    static String reason(IOException e) {
        if (!(e instanceof FileSystemException file)) {
            return String.valueOf(e.getMessage());
        }
        String reason = switch (e) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it is there and no directory";
            default -> file.getReason() == null ? e.getClass().getSimpleName() : file.getReason();
        };
        return file.getFile() + ": " + reason;
    }
}
