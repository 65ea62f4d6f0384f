package io.jvswitch.vswitchd.launcher;

import io.jvswitch.vswitchd.vlog.Vlog;
import java.nio.charset.StandardCharsets;

/**
 * Where the native program meets Java: it calls {@link #text} and {@link #main}, and provides the methods that are
 * {@code native} here ({@code src/main/c/jvm.c}). Their names and signatures are written there, too.
 */
public final class OvsVswitchd {

    private static final String PROGRAM = "ovs-vswitchd: ";
    private static final int SIGNAL_STATUS = 128;

    private OvsVswitchd() {}

    /** An argument, which to Linux is bytes. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Tells who waits for it that the daemon is ready, and lets go of the terminal. */
    private static native void ready();

    /** Writes to the system's log: syslog(3). */
    private static native void syslog(int priority, byte[] line);

    /** Runs the daemon and ends the process: with status 1 and a line on standard error when it cannot run. */
    public static void main(String[] arguments) {
        int status;
        try {
            boolean quiet = "null".equals(System.getenv("OVS_SYSLOG_METHOD"));
            Vlog vlog = Vlog.ofProgram((priority, line) -> {
                if (!quiet) {
                    syslog(priority, line.getBytes(StandardCharsets.UTF_8));
                }
            });
            OvsDaemonOptions options = OvsDaemonOptions.parse(arguments, vlog);
            int signal = OvsDaemon.run(options, vlog, OvsVswitchd::ready);
            status = signal == 0 ? 0 : SIGNAL_STATUS + signal;
        } catch (IllegalArgumentException e) {
            System.err.println(PROGRAM + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        System.exit(status);
    }
}
