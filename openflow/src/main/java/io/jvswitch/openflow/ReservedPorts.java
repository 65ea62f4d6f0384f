package io.jvswitch.openflow;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of ports that mean something else than a port ({@code ofp_port_no}).
 *
 * <p>Everything but the bytes of OpenFlow 1.1 and later has ports in 16 bits, as Open vSwitch does: there the reserved
 * numbers lie at the end of 32 bits instead, and nothing lies between.
 */
public final class ReservedPorts {

    /** The first number that no port has. */
    public static final int MAX = 0xff00;

    public static final int UNSET = 0xfff7;
    public static final int IN_PORT = 0xfff8;
    public static final int TABLE = 0xfff9;
    public static final int NORMAL = 0xfffa;
    public static final int FLOOD = 0xfffb;
    public static final int ALL = 0xfffc;
    public static final int CONTROLLER = 0xfffd;
    public static final int LOCAL = 0xfffe;
    /** No port; in requests: any. */
    public static final int NONE = 0xffff;

    private static final int OFFSET = 0xffff_0000;

    private static final Map<Integer, String> NAMES = Map.of(
            UNSET, "UNSET",
            IN_PORT, "IN_PORT",
            TABLE, "TABLE",
            NORMAL, "NORMAL",
            FLOOD, "FLOOD",
            ALL, "ALL",
            CONTROLLER, "CONTROLLER",
            LOCAL, "LOCAL",
            NONE, "ANY");

    private ReservedPorts() {}

    /** A port of OpenFlow 1.1 and later in 16 bits, or -1 where it has no such number. */
    public static int from32(int port) {
        if (Integer.compareUnsigned(port, MAX) < 0) {
            return port;
        }
        return Integer.compareUnsigned(port, OFFSET + MAX) >= 0 ? port - OFFSET : -1;
    }

    /** The inverse of {@link #from32}. */
    public static int to32(int port) {
        return port < MAX ? port : port + OFFSET;
    }

    /** As operators write it: a number, or the name of what is reserved. */
    public static String format(int port) {
        String name = NAMES.get(port);
        return name == null ? Integer.toString(port) : name;
    }

    /** The port of a text, or -1. */
    public static int parse(String text) {
        if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
            return parseNumber(text);
        }
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals("NONE")) {
            return NONE;
        }
        for (Map.Entry<Integer, String> entry : NAMES.entrySet()) {
            if (entry.getValue().equals(upper)) {
                return entry.getKey();
            }
        }
        return -1;
    }

    private static int parseNumber(String text) {
        Long number = parseUnsigned(text);
        if (number == null || number > 0xffff_ffffL) {
            return -1;
        }
        return number <= 0xffff ? number.intValue() : from32(number.intValue());
    }

    private static @Nullable Long parseUnsigned(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
