package io.jvswitch.vswitchd.vlog;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is logged where: for each module and destination the level up to which messages are let through, for each
 * destination its pattern. Any thread; messages are numbered and written one after the other.
 */
public final class Vlog {

    /** LOG_DAEMON of syslog.h. */
    static final int USUAL_FACILITY = 3;

    /** Takes a line for the system's log. */
    public interface Syslog {
        /** @param priority facility and severity, as in RFC 5424, section 6.2.1 */
        void write(int priority, String line);
    }

    private final InstantSource clock;
    private final PrintStream console;
    private final Syslog syslog;
    private final Consumer<Vlog> levelsChanged;
    private final long startMs;

    private final Map<String, Map<VlogDestination, VlogLevel>> levels = new TreeMap<>();
    private final Map<VlogDestination, VlogPattern> patterns = new EnumMap<>(VlogDestination.class);
    private int facility = USUAL_FACILITY;
    private @Nullable Path file;
    private @Nullable OutputStream open;
    private long written;

    /**
     * All modules at INFO everywhere, and no file.
     *
     * @param console standard error, or what stands for it
     * @param levelsChanged told when some module's levels are others
     */
    public Vlog(InstantSource clock, PrintStream console, Syslog syslog, Consumer<Vlog> levelsChanged) {
        this.clock = clock;
        this.console = console;
        this.syslog = syslog;
        this.levelsChanged = levelsChanged;
        startMs = clock.millis();
        for (String module : VlogModules.NAMES) {
            Map<VlogDestination, VlogLevel> usual = new EnumMap<>(VlogDestination.class);
            for (VlogDestination destination : VlogDestination.values()) {
                usual.put(destination, VlogLevel.INFO);
            }
            levels.put(module, usual);
        }
        for (VlogDestination destination : VlogDestination.values()) {
            patterns.put(destination, new VlogPattern(destination.usualPattern()));
        }
    }

    /** A log that all of the program's messages go to from now on. */
    public static Vlog ofProgram(Syslog syslog) {
        Vlog vlog = new Vlog(InstantSource.system(), System.err, syslog, LogbackVlog::followLevels);
        LogbackVlog.install(vlog);
        return vlog;
    }

    /**
     * Does what a word of {@code -v} or {@code vlog/set} says; what is wrong with it, in Open vSwitch's words, or null.
     */
    public @Nullable String set(String spec) {
        VlogSpec parsed = VlogSpec.parse(spec);
        String error = parsed.error();
        if (error == null) {
            synchronized (this) {
                parsed.apply(this);
            }
            levelsChanged.accept(this);
        }
        return error;
    }

    synchronized void setLevel(@Nullable String module, @Nullable VlogDestination destination, VlogLevel level) {
        levels.forEach((name, of) -> {
            if (module == null || module.equals(name)) {
                of.replaceAll((to, before) -> destination == null || destination == to ? level : before);
            }
        });
    }

    synchronized void setPattern(@Nullable VlogDestination destination, String pattern) {
        patterns.replaceAll(
                (of, before) -> destination == null || destination == of ? new VlogPattern(pattern) : before);
    }

    synchronized void setFacility(int facility) {
        this.facility = facility;
    }

    static boolean isModule(String word) {
        return VlogModules.NAMES.contains(word);
    }

    /** The level up to which some destination takes a module's messages. */
    public synchronized VlogLevel limit(String module) {
        VlogLevel most = VlogLevel.OFF;
        for (VlogDestination destination : VlogDestination.values()) {
            VlogLevel level = level(module, destination);
            most = level.compareTo(most) > 0 ? level : most;
        }
        return most;
    }

    private VlogLevel level(String module, VlogDestination destination) {
        Map<VlogDestination, VlogLevel> of = levels.get(module);
        VlogLevel level = of == null ? null : of.get(destination);
        if (level == null) {
            return VlogLevel.INFO;
        }
        return destination == VlogDestination.FILE && open == null ? VlogLevel.OFF : level;
    }

    /** The names of all modules, in the order of {@code vlog/list}. */
    public synchronized Set<String> modules() {
        return Set.copyOf(levels.keySet());
    }

    /**
     * Writes a message to each destination that takes it; each line of it is one in the log.
     *
     * @param thread what Open vSwitch calls the subprogram, empty for the daemon's own
     */
    public synchronized void log(String module, VlogLevel level, String thread, String text) {
        for (String line : text.split("\n", -1)) {
            VlogPattern.Event event = new VlogPattern.Event(
                    clock.instant(), written + 1, module, level, thread, clock.millis() - startMs, line);
            boolean taken = false;
            for (VlogDestination destination : VlogDestination.values()) {
                if (level(module, destination).letsThrough(level)) {
                    taken = true;
                    write(destination, event);
                }
            }
            written += taken ? 1 : 0;
        }
    }

    private void write(VlogDestination destination, VlogPattern.Event event) {
        VlogPattern pattern = patterns.get(destination);
        String line = pattern == null ? event.text() : pattern.format(event, facility);
        switch (destination) {
            case SYSLOG -> syslog.write(facility << 3 | event.level().syslogSeverity(), line);
            case CONSOLE -> console.println(line);
            case FILE -> {
                OutputStream out = open;
                if (out != null) {
                    try {
                        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    } catch (IOException _) {
                        // a full disk: what is lost is the log, and there is nowhere to say so
                    }
                }
            }
        }
    }

    /** Begins to write to a file; why it cannot, or null. */
    public @Nullable String open(Path path) {
        String error;
        synchronized (this) {
            file = path;
            error = openFile(path);
        }
        levelsChanged.accept(this);
        if (error == null) {
            log("vlog", VlogLevel.INFO, "", "opened log file " + path);
        }
        return error;
    }

    private @Nullable String openFile(Path path) {
        closeFile();
        try {
            open = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return null;
        } catch (IOException e) {
            return "failed to open " + path + " for logging: " + e.getMessage();
        }
    }

    private void closeFile() {
        OutputStream before = open;
        open = null;
        if (before != null) {
            try {
                before.close();
            } catch (IOException _) {
                // as with a write
            }
        }
    }

    /** {@code vlog/reopen}: after the file was renamed, say. Without a file it does nothing. */
    public @Nullable String reopen() {
        Path path;
        synchronized (this) {
            path = file;
        }
        if (path == null) {
            return null;
        }
        log("vlog", VlogLevel.INFO, "", "closing log file");
        return open(path);
    }

    /** {@code vlog/close}: until it is opened again. */
    public void close() {
        synchronized (this) {
            closeFile();
        }
        levelsChanged.accept(this);
    }

    /** {@code vlog/list}. */
    public synchronized String list() {
        StringBuilder text = new StringBuilder("""
                                 console    syslog    file
                                 -------    ------    ------
                """);
        for (String module : VlogModules.NAMES) {
            Map<VlogDestination, VlogLevel> of = levels.getOrDefault(module, Map.of());
            text.append(String.format(
                    "%-16s  %4s       %4s       %4s%n",
                    module,
                    of.get(VlogDestination.CONSOLE),
                    of.get(VlogDestination.SYSLOG),
                    of.get(VlogDestination.FILE)));
        }
        return text.toString();
    }

    /** {@code vlog/list-pattern}. */
    public synchronized String listPatterns() {
        StringBuilder text = new StringBuilder("""
                         prefix                            format
                         ------                            ------
                """);
        patterns.forEach((destination, pattern) -> text.append(String.format(
                "%-7s  %-32s  %s%n",
                destination, destination == VlogDestination.SYSLOG ? "" : "none", pattern.text())));
        return text.toString();
    }
}
