package io.jvswitch.openflow.text;

import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.MatchText;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction;
import java.util.List;

/**
 * Reads flows as {@code ovs-ofctl} does (ovs-ofctl(8), "Flow Syntax"; ovs-fields(7)). The match is {@link
 * MatchText}'s.
 */
public final class FlowLineParser {

    private static final String ACTIONS = "action";

    /** The words of the match, as they were. */
    private final StringBuilder fields = new StringBuilder();

    private int table = 255;
    private int priority = FlowLine.DEFAULT_PRIORITY;
    private int idleTimeout;
    private int hardTimeout;
    private int importance;
    private long cookie;
    private int flags;

    private FlowLineParser() {}

    /** Reads a flow with its actions. */
    public static FlowLine parse(String line) throws FlowTextException {
        int start = actionsStart(line);
        if (start < 0) {
            throw new FlowTextException("must specify an action");
        }
        int end = line.indexOf('=', start) + 1;
        FlowLineParser parser = new FlowLineParser();
        KeyValues words = new KeyValues(line.substring(0, start));
        while (words.next()) {
            parser.parseWord(words.key(), words.value());
        }
        FlowMatch match;
        try {
            match = MatchText.parse(parser.fields.toString());
        } catch (IllegalArgumentException e) {
            throw new FlowTextException(String.valueOf(e.getMessage()));
        }
        List<OpenFlowAction> actions = ActionParser.parseInstructions(line.substring(end));
        return new FlowLine(
                parser.table,
                parser.priority,
                parser.idleTimeout,
                parser.hardTimeout,
                parser.importance,
                parser.cookie,
                parser.flags,
                match,
                actions);
    }

    /** Where {@code actions=} or {@code action=} begins, or -1. */
    private static int actionsStart(String line) {
        int at = line.indexOf(ACTIONS);
        while (at >= 0) {
            int end = at + ACTIONS.length();
            end = end < line.length() && line.charAt(end) == 's' ? end + 1 : end;
            if (end < line.length() && line.charAt(end) == '=') {
                return at;
            }
            at = line.indexOf(ACTIONS, at + 1);
        }
        return -1;
    }

    private void parseWord(String name, String value) throws FlowTextException {
        int flag = FlowLine.FLAGS.indexOf(name);
        if (flag >= 0) {
            flags |= 1 << flag;
            return;
        }
        switch (name) {
            case "table" -> table = ActionParser.table(value, "unknown table \"" + value + "\"");
            case "priority" -> priority = Numbers.u16(value, name);
            case "idle_timeout" -> idleTimeout = Numbers.u16(value, name);
            case "hard_timeout" -> hardTimeout = Numbers.u16(value, name);
            case "importance" -> importance = Numbers.u16(value, name);
            case "cookie" -> {
                if (value.indexOf('/') >= 0) {
                    throw new FlowTextException("flow additions cannot use a cookie mask");
                }
                cookie = Numbers.u64(value);
            }
            // What dump-flows prints and a flow is not made of.
            case "duration", "n_packets", "n_bytes", "idle_age", "hard_age" -> {}
            case "no_readonly_table", "allow_hidden_fields" -> {}
            case "in_port", "actset_output" -> {
                int port = ReservedPorts.parse(value);
                if (port < 0) {
                    throw new FlowTextException(value + ": invalid or out-of-range port");
                }
                fields.append(fields.isEmpty() ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(port);
            }
            default ->
                fields.append(fields.isEmpty() ? "" : ",").append(name).append(value.isEmpty() ? "" : "=" + value);
        }
    }
}
