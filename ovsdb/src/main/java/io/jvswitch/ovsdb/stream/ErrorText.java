package io.jvswitch.ovsdb.stream;

import io.netty.channel.ConnectTimeoutException;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import javax.net.ssl.SSLException;

/** What went wrong with a socket, in the words of strerror(3), as logs of Open vSwitch have it. */
public final class ErrorText {

    private static final String[] KNOWN = {
        "Connection refused",
        "Connection reset by peer",
        "Connection timed out",
        "No such file or directory",
        "Permission denied",
        "No route to host",
        "Network is unreachable",
        "Broken pipe",
        "Protocol wrong type for socket",
        "Resource temporarily unavailable",
        "Not a directory",
        "Operation not permitted",
        "Too many open files",
        "File name too long",
        "Is a directory",
        "Address already in use",
        "No space left on device",
        "Read-only file system"
    };

    private ErrorText() {}

    /** The words for {@code failure}. */
    public static String of(Throwable failure) {
        if (failure instanceof FileNotFoundException || failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof ConnectTimeoutException) {
            return "Connection timed out";
        }
        if (failure instanceof UnknownHostException) {
            return "Name or service not known";
        }
        if (failure instanceof SSLException) {
            return "Protocol error";
        }
        String message = String.valueOf(failure.getMessage());
        for (String known : KNOWN) {
            if (message.contains(known)) {
                return known;
            }
        }
        return message;
    }
}
