package io.jvswitch.vswitchd.control;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a process that has been killed, and whose files and devices the kernel is still closing, from one that runs and
 * from one that is gone (proc(5)). A daemon of 2,000 TAPs takes the kernel most of a minute.
 */
final class EndingProcess {

    /** {@code PF_EXITING} of the kernel's include/linux/sched.h, in the field {@code flags}. */
    private static final long EXITING = 0x4;

    /** Fields of {@code stat} behind the name, which are numbered from 3 in proc(5). */
    private static final int STATE = 0;

    private static final int FLAGS = 9 - 3;

    private EndingProcess() {}

    /** Whether the kernel is still at it. */
    static boolean is(long pid) {
        return is(Path.of("/proc", Long.toString(pid)));
    }

    /** @param process its directory in {@code /proc} */
    static boolean is(Path process) {
        boolean closing = false;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                // the name stands in parentheses, and may hold blanks and parentheses
                String[] fields =
                        stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
                if (fields.length <= FLAGS || (Long.parseLong(fields[FLAGS]) & EXITING) == 0) {
                    return false; // a thread that runs
                }
                // a zombie has nothing left but its exit status
                closing |= !fields[STATE].equals("Z") && !fields[STATE].equals("X");
            }
        } catch (IOException | NumberFormatException e) {
            return closing; // it has ended while we looked, or is hidden from us
        }
        return closing;
    }
}
