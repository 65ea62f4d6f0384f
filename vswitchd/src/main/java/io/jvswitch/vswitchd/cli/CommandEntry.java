package io.jvswitch.vswitchd.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the process meets the command line. */
public final class CommandEntry {

    private static final Path SOCKET_DIR = Path.of("/run/jvswitch");
    private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

    private CommandEntry() {}

    /**
     * Runs a command line on the process's own output and environment.
     *
     * @return the exit status
     */
    public static int run(String[] arguments) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Console console = new Console(out, err, SOCKET_DIR, System.getenv("JVSWITCH_SOCKET"));
        int status = CommandTree.run(console, arguments, null);
        out.flush();
        err.flush();
        return status;
    }

    /** UTF-8 whatever the locale: names and messages are. Each line is shown when it is printed. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES),
                true,
                StandardCharsets.UTF_8);
    }
}
