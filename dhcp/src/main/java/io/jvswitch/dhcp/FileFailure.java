package io.jvswitch.dhcp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Readable text for file-system errors: the JDK's file exceptions have the path as their message, and the reason only
 * as their class name.
 */
public final class FileFailure {

    private FileFailure() {}

    /** The file and the reason; for an exception that names no file, its message. */
    public static String text(IOException e) {
        return e instanceof FileSystemException file ? file.getFile() + ": " + reason(e) : reason(e);
    }

    /** The reason alone, for a message that names the file already. */
    public static String reason(IOException e) {
        if (!(e instanceof FileSystemException file)) {
            return String.valueOf(e.getMessage());
        }
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it is there and no directory";
            default -> file.getReason() == null ? e.getClass().getSimpleName() : file.getReason();
        };
    }
}
