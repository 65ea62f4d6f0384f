package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.wire.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the kernel dropped datagrams of the tunnels' UDP sockets. A socket counts those that found its buffer full and
 * those that were damaged in one number, and small damaged ones nowhere; the namespace counts each kind apart ({@code
 * RcvbufErrors}, {@code InCsumErrors} of nstat), but for all its sockets together. From both follows what is certain;
 * the rest is told as {@link DropReason#RX_LOST}.
 *
 * <p>Damage that no socket counted is taken for the tunnels': whose it was, nobody can tell of a datagram that may be
 * wrong in every byte. The conductor's.
 */
final class UdpLosses {

    private static final Logger LOG = LoggerFactory.getLogger(UdpLosses.class);

    /** What the namespace has counted since it is there. */
    private record Counted(long damaged, long overruns) {}

    private final boolean ipv4;
    private final Path directory;
    private @Nullable Counted seen;
    /**
     * Of the sockets' drops, those that the namespace's counters did not have yet when they were read, a moment
     * earlier.
     */
    private long unexplained;

    /** @param ipv4 the sockets' family: each has counters of its own */
    UdpLosses(boolean ipv4) {
        this(ipv4, Path.of("/proc/net"));
    }

    UdpLosses(boolean ipv4, Path directory) {
        this.ipv4 = ipv4;
        this.directory = directory;
    }

    /** The first socket has been opened: what was lost before is not its. */
    void begin() {
        seen = read();
        unexplained = 0;
    }

    /**
     * What was lost since the last time.
     *
     * @param socketDrops asked, after the namespace's counters, what the sockets have dropped since the last time
     */
    Map<DropReason, Long> take(LongSupplier socketDrops) {
        Counted before = seen;
        Counted now = read();
        seen = now;
        long drops = socketDrops.getAsLong();
        if (before == null || now == null) {
            return Map.of(DropReason.RX_LOST, drops);
        }
        return sort(drops, Math.max(0, now.damaged - before.damaged), Math.max(0, now.overruns - before.overruns));
    }

    private Map<DropReason, Long> sort(long socketDrops, long damaged, long overruns) {
        long drops = socketDrops + unexplained;
        long excess = Math.max(0, drops - damaged - overruns);
        long lost = Math.min(excess, unexplained); // what counts with a delay has counted by now
        unexplained = excess - lost;
        drops -= excess;
        long surelyOverruns = Math.max(0, drops - damaged);
        long surelyDamaged = Math.max(0, drops - overruns);
        long either = drops - surelyOverruns - surelyDamaged;
        Map<DropReason, Long> losses = new EnumMap<>(DropReason.class);
        losses.put(DropReason.RX_OVERRUN, surelyOverruns);
        losses.put(DropReason.RX_DAMAGED, damaged - either);
        losses.put(DropReason.RX_LOST, either + lost);
        return losses;
    }

    private @Nullable Counted read() {
        try {
            Map<String, Long> counters = ipv4 ? columns("snmp", "Udp:") : lines("snmp6", "Udp6");
            Long damaged = counters.get("InCsumErrors");
            Long overruns = counters.get("RcvbufErrors");
            return damaged == null || overruns == null
                    ? null
                    : new Counted(damaged, overruns + counters.getOrDefault("MemErrors", 0L));
        } catch (IOException | NumberFormatException e) {
            LOG.debug("underlay: why the kernel drops datagrams cannot be read", e);
            return null;
        }
    }

    /** A line of names, and one of values. */
    private Map<String, Long> columns(String file, String prefix) throws IOException {
        Map<String, Long> counters = new HashMap<>();
        List<String> rows = Files.readAllLines(directory.resolve(file)).stream()
                .filter(line -> line.startsWith(prefix))
                .toList();
        if (rows.size() == 2) {
            String[] names = rows.getFirst().split(" +", -1);
            String[] values = rows.getLast().split(" +", -1);
            for (int i = 1; i < Math.min(names.length, values.length); i++) {
                counters.put(names[i], Long.valueOf(values[i]));
            }
        }
        return counters;
    }

    /** A line for each, with name and value. */
    private Map<String, Long> lines(String file, String prefix) throws IOException {
        Map<String, Long> counters = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve(file))) {
            String[] words = line.split("\\s+", -1);
            if (words[0].startsWith(prefix) && words.length > 1) {
                counters.put(words[0].substring(prefix.length()), Long.valueOf(words[1]));
            }
        }
        return counters;
    }
}
