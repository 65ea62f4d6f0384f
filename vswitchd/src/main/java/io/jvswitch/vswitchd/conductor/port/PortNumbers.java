package io.jvswitch.vswitchd.conductor.port;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The ports' numbers, 1 to {@link Locations#LAST_PORT}. The conductor's.
 *
 * <p>A port keeps its number, and with it its counters, when it is removed and added again. So do the last {@value
 * #REMEMBERED} removed ones, whose counters can still be read; the number of one removed longer ago goes to the next
 * new port. Workers' news of a number's former port (what it had learnt, say) must have been read by then: a number
 * rests for a whole tick, unless there is no other left.
 */
public final class PortNumbers {

    /** How many removed ports keep their number at least, while there are others. */
    static final int REMEMBERED = 256;

    private final int last;
    private final IntConsumer onReuse;
    private final Map<String, Integer> used = new LinkedHashMap<>();
    /** The longest gone first. */
    private final LinkedHashMap<String, Removed> removed = new LinkedHashMap<>();

    private int highest;
    private long ticks;

    private record Removed(int number, long tick) {}

    /**
     * No ports yet.
     *
     * @param onReuse told a number that goes from one port to another, before it does
     */
    public PortNumbers(IntConsumer onReuse) {
        this(Locations.LAST_PORT, onReuse);
    }

    public PortNumbers(int last, IntConsumer onReuse) {
        this.last = last;
        this.onReuse = onReuse;
    }

    /**
     * Refuses what there are not enough numbers for.
     *
     * @param ports how many ports there would be
     */
    public void requireRoomFor(int ports) {
        if (ports > last) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.CONFLICT,
                    "ports",
                    Integer.toString(ports),
                    "a switch has at most " + last + " ports",
                    "remove some, or spread them over several switches");
        }
    }

    /** The number of a port, which is now in use; {@link #requireRoomFor} has been asked. */
    public int take(String port) {
        Integer number = used.get(port);
        if (number == null) {
            Removed own = removed.remove(port);
            number = own != null ? own.number() : newNumber();
            used.put(port, number);
        }
        return number;
    }

    private int newNumber() {
        Map.Entry<String, Removed> oldest = removed.firstEntry();
        boolean rested = oldest != null
                && removed.size() > REMEMBERED
                && oldest.getValue().tick() + 1 < ticks;
        if (!rested && highest < last) {
            highest++;
            return highest;
        }
        if (oldest == null) {
            throw new IllegalStateException("all " + last + " port numbers are in use");
        }
        removed.remove(oldest.getKey());
        onReuse.accept(oldest.getValue().number());
        return oldest.getValue().number();
    }

    /** The port is removed. */
    public void release(String port) {
        Integer number = used.remove(port);
        if (number != null) {
            removed.put(port, new Removed(number, ticks));
        }
    }

    /** Once a second. */
    public void tick() {
        ticks++;
    }

    /** The ports, and after them the removed ones that still have their number. */
    public Map<String, Integer> all() {
        Map<String, Integer> all = new LinkedHashMap<>(used);
        removed.forEach((port, gone) -> all.put(port, gone.number()));
        return all;
    }
}
