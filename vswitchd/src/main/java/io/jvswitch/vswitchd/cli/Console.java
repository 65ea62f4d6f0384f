package io.jvswitch.vswitchd.cli;

import io.jvswitch.dhcp.FileFailure;
import io.jvswitch.vswitchd.control.http.ControlClient;
import io.jvswitch.vswitchd.control.http.ControlClient.Form;
import io.jvswitch.vswitchd.control.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * What commands share: where they print, which daemon they ask, and how an answer becomes output and an exit status.
 */
final class Console {

    /** A command that worked. */
    static final int DONE = 0;
    /** A command that was refused, or could not reach a daemon. */
    static final int REFUSED = 1;
    /** A command line or configuration that is wrong. */
    static final int USAGE = 2;

    /** The lowest HTTP status of a refusal. */
    static final int FIRST_ERROR_STATUS = 400;
    /** The daemon's word for what {@link #USAGE} is here: an option's value makes no sense. */
    private static final int BAD_REQUEST = 400;

    private final PrintStream out;
    private final PrintStream err;
    private final Path socketDir;
    private final @Nullable String socketVariable;
    private @Nullable Path socketOption;

    /**
     * A console.
     *
     * @param socketDir where daemons keep their sockets
     * @param socketVariable value of {@code JVSWITCH_SOCKET}, or null
     */
    Console(PrintStream out, PrintStream err, Path socketDir, @Nullable String socketVariable) {
        this.out = out;
        this.err = err;
        this.socketDir = socketDir;
        this.socketVariable = socketVariable;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    void setSocket(@Nullable Path socket) {
        socketOption = socket;
    }

    /** Whether the command line names a socket. */
    boolean isSocketGiven() {
        return socketOption != null;
    }

    /** The daemon that the command is for. */
    ControlClient client() {
        return new ControlClient(socket());
    }

    /**
     * Which socket: the option, else the variable, else the only one there is.
     *
     * @throws CommandFailure when that leaves none or several
     */
    Path socket() {
        if (socketOption != null) {
            return socketOption;
        }
        if (socketVariable != null && !socketVariable.isEmpty()) {
            try {
                return file(socketVariable);
            } catch (TypeConversionException e) {
                throw CommandFailure.ofUsage("JVSWITCH_SOCKET: " + e.getMessage());
            }
        }
        List<Path> found = sockets();
        if (found.size() > 1) {
            // What a killed daemon left behind is no choice, unless nothing else is there.
            List<Path> served = found.stream().filter(ControlClient::isServed).toList();
            found = served.isEmpty() ? found.subList(0, 1) : served;
        }
        if (found.isEmpty()) {
            throw new CommandFailure("no daemon in " + socketDir
                    + ": start one with 'jvswitch run --config FILE', or name its socket with --socket PATH");
        }
        if (found.size() > 1) {
            StringBuilder message = new StringBuilder("several daemons: choose one with --socket or JVSWITCH_SOCKET:");
            found.forEach(path -> message.append("\n  ").append(path));
            throw new CommandFailure(message.toString());
        }
        return found.getFirst();
    }

    /** All that are in the usual place, by name. */
    private List<Path> sockets() {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(socketDir)) {
            try (DirectoryStream<Path> sockets = Files.newDirectoryStream(socketDir, "*.sock")) {
                sockets.forEach(found::add);
            } catch (IOException e) {
                throw new CommandFailure(
                        "cannot look for daemons in " + FileFailure.text(e) + "; name the socket with --socket PATH");
            }
        }
        found.sort(null);
        return found;
    }

    /** Asks, and copies the answer to the output, or a refusal to the error output. */
    int print(String method, String path, @Nullable String body, boolean json) {
        return client().ask(method, path, body, json ? Form.JSON : Form.TEXT, (status, in) -> {
            if (status >= FIRST_ERROR_STATUS) {
                return refuse(status, in, json);
            }
            in.transferTo(out);
            out.flush();
            return DONE;
        });
    }

    /** Copies a refusal to the error output; gives the exit status. */
    int refuse(int status, InputStream refusal, boolean json) throws IOException {
        if (!json) {
            err.print("jvswitch: ");
        }
        refusal.transferTo(err);
        err.flush();
        return status == BAD_REQUEST ? USAGE : REFUSED;
    }

    /** Asks for a view. */
    <T> T view(String path, Class<T> type) {
        return client().ask("GET", path, null, Form.JSON, (status, in) -> {
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (status >= FIRST_ERROR_STATUS) {
                throw new CommandFailure(answer.strip());
            }
            return Json.read(answer, type);
        });
    }

    /**
     * A file of a name as it was typed.
     *
     * @throws TypeConversionException when no file can have that name
     */
    static Path file(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("value '" + name + "': no file can have that name"
                    + (name.indexOf('\0') < 0 ? " in this locale; set LC_ALL=C.UTF-8" : ""));
        }
    }

    /** A value as a segment or parameter of a path. */
    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path with a parameter, when there is a value. */
    static String with(String path, String parameter, @Nullable String value) {
        return value == null ? path : path + (path.contains("?") ? "&" : "?") + parameter + "=" + encode(value);
    }
}
