package io.jvswitch.vswitchd.conductor.bridge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenFlow port numbers of a bridge's interfaces. As in Open vSwitch, whoever asks for a number gets it if it is
 * free; others get the next in turn, from 1 to {@value #LAST_AUTOMATIC}. One that was given back rests for an hour
 * while there are others, so that rules for the former port do not concern the next. The conductor's.
 */
final class OpenFlowPorts {

    /** The bridge's local port ({@code OFPP_LOCAL} of OpenFlow 1.0, which is what Open vSwitch counts in). */
    static final int LOCAL = 65_534;

    /** Highest number that may be asked for: those above mean something else in OpenFlow 1.0. */
    static final int LAST = 0xfeff;

    static final int LAST_AUTOMATIC = 32_767;
    static final long REST_TICKS = 3_600;

    private final Map<String, Integer> byName = new HashMap<>();
    private final Set<Integer> used = new HashSet<>();
    private final Set<Integer> reserved = new HashSet<>();
    /** When each was given back. */
    private final Map<Integer, Long> resting = new HashMap<>();

    private int last;
    private long ticks;

    /** Numbers that somebody asks for who has none yet: nobody else gets them by turn. */
    void reserve(Set<Integer> wanted) {
        reserved.clear();
        reserved.addAll(wanted);
    }

    /** An interface's number, null while it has none. */
    @Nullable
    Integer of(String name) {
        return byName.get(name);
    }

    /**
     * The number of an interface, which has it from now on.
     *
     * @param wanted the number that it gets if that is free; 0 for any
     * @return 0 when there is none left
     */
    int take(String name, int wanted) {
        Integer has = byName.get(name);
        if (has != null) {
            return has;
        }
        int number = wanted > 0 && !used.contains(wanted) ? wanted : next();
        if (number > 0) {
            byName.put(name, number);
            used.add(number);
            resting.remove(number);
        }
        return number;
    }

    private int next() {
        int longest = 0;
        long since = Long.MAX_VALUE;
        for (int tried = 0; tried < LAST_AUTOMATIC; tried++) {
            last = last == LAST_AUTOMATIC ? 1 : last + 1;
            if (used.contains(last) || reserved.contains(last)) {
                continue;
            }
            Long rests = resting.get(last);
            if (rests == null || ticks - rests > REST_TICKS) {
                return last;
            }
            if (rests < since) {
                since = rests;
                longest = last;
            }
        }
        return longest;
    }

    /** The interface has gone, or asks for another number. */
    void release(String name) {
        Integer number = byName.remove(name);
        if (number != null) {
            used.remove(number);
            resting.put(number, ticks);
        }
    }

    /** Once a second. */
    void tick() {
        ticks++;
    }
}
