package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words by which an operator describes frames, as {@code tcp dst=10.0.0.12 dport=80}: what traces and captures have
 * in common.
 */
final class FrameWords {

    private static final Set<String> KINDS = Set.of("arp", "icmp", "tcp", "udp");

    private final String object;
    private final Map<String, String> values = new LinkedHashMap<>();
    private String kind = "";

    private FrameWords(String object) {
        this.object = object;
    }

    /**
     * Reads words.
     *
     * @param object what they describe, for messages
     * @param syntax what they may be, for messages
     * @param keys what may stand before an equals sign
     * @throws ControlRefusedException for a word that is none of them
     */
    static FrameWords of(String object, String syntax, Set<String> keys, List<String> words) {
        FrameWords described = new FrameWords(object);
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0 && KINDS.contains(word) && described.kind.isEmpty()) {
                described.kind = word;
            } else if (equals > 0 && keys.contains(word.substring(0, equals))) {
                described.values.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                throw described.invalid(word, "expected " + syntax);
            }
        }
        return described;
    }

    /** {@code arp}, {@code icmp}, {@code tcp}, {@code udp}, or empty when none is said. */
    String kind() {
        return kind;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    @Nullable
    String get(String key) {
        return values.get(key);
    }

    @Nullable
    IpAddress ip(String key) {
        String text = values.get(key);
        try {
            return text == null ? null : IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "expected an IP address as " + key);
        }
    }

    @Nullable
    MacAddress mac(String key) {
        String text = values.get(key);
        try {
            return text == null ? null : MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "expected a MAC address as " + key);
        }
    }

    /** Whether a flag is set: as long as it is not given as 0. */
    boolean flag(String key) {
        String text = values.getOrDefault(key, "1");
        if (!text.equals("0") && !text.equals("1")) {
            throw invalid(text, "expected 0 or 1 as " + key);
        }
        return text.equals("1");
    }

    /** The number, or {@code least} when it is not given. */
    int number(String key, int least, int most) {
        return (int) number(key, least, (long) most);
    }

    /** The number, or {@code least} when it is not given. */
    long number(String key, long least, long most) {
        String text = values.get(key);
        return text == null ? least : parse(key, text, least, most);
    }

    /** A number in decimal or, after 0x, hexadecimal digits. */
    long parse(String key, String text, long least, long most) {
        if (text.matches("[0-9]{1,10}|0x[0-9a-fA-F]{1,8}")) {
            long number = Long.decode(text.replaceFirst("^0+(?=[0-9])", ""));
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid(text, "expected a number " + least + " to " + most + " as " + key);
    }

    ControlRefusedException invalid(@Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, object, value, what, "correct the description");
    }
}
