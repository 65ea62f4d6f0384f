package io.jvswitch.bench.peers;

/**
 * What files of {@code /proc} say (proc(5)). Processor time is in ticks of a hundredth of a second on every Linux that
 * Java runs on ({@code USER_HZ}).
 */
public final class ProcFile {
    private static final double TICK_SECONDS = 0.01;

    private ProcFile() {}

    /**
     * User and system time of a process with all its threads, in seconds.
     *
     * @param stat content of {@code /proc/PID/stat}
     */
    public static double processSeconds(String stat) {
        // The second field is the name in parentheses, and may hold blanks and parentheses.
        int name = stat.lastIndexOf(')');
        String[] fields =
                name < 0 ? new String[0] : stat.substring(name + 1).strip().split(" +", -1);
        if (fields.length < 13) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: '" + stat + "'");
        }
        // Fields 14 and 15 of proc(5), where the first after the name is field 3.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_SECONDS;
    }

    /**
     * What all processors have done that was not idling or waiting, in seconds; a guest's time is part of user time
     * already.
     *
     * @param line first line of {@code /proc/stat}
     */
    static double machineSeconds(String line) {
        String[] fields = line.strip().split(" +", -1);
        if (fields.length < 8 || !fields[0].equals("cpu")) {
            throw new IllegalArgumentException("not the first line of /proc/stat: '" + line + "'");
        }
        long ticks = 0;
        // user, nice, system, idle, iowait, irq, softirq; time stolen by another machine is nobody's work here
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK_SECONDS;
    }

    /**
     * Resident memory in bytes.
     *
     * @param status content of {@code /proc/PID/status}
     */
    public static long residentBytes(String status) {
        for (String line : status.split("\n", -1)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IllegalArgumentException("no line VmRSS in /proc/PID/status");
    }
}
