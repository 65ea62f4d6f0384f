package io.jvswitch.vswitchd.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
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
        WatchedOutput output = new WatchedOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = stream(output);
        PrintStream err = stream(new FileOutputStream(FileDescriptor.err));
        Console console = new Console(out, err, SOCKET_DIR, System.getenv("JVSWITCH_SOCKET"));
        int status = CommandTree.run(console, arguments, null);
        out.flush();
        String lost = output.failure();
        if (lost != null) {
            err.println("jvswitch: cannot write the output: " + lost);
            status = status == Console.DONE ? Console.REFUSED : status;
        }
        err.flush();
        return status;
    }

    /** UTF-8 whatever the locale: names and messages are. Each line is shown when it is printed. */
    private static PrintStream stream(OutputStream to) {
        return new PrintStream(new BufferedOutputStream(to, OUTPUT_BUFFER_BYTES), true, StandardCharsets.UTF_8);
    }
}
