package io.jvswitch.openflow.text;

import io.jvswitch.flowtable.key.FlowMatch;
import io.jvswitch.flowtable.key.MatchText;
import io.jvswitch.openflow.ReservedPorts;
import io.jvswitch.openflow.action.OpenFlowAction;
import java.util.ArrayList;
import java.util.List;

/**
 * A flow as a line of text says it (ovs-ofctl(8), "Flow Syntax").
 *
 * @param table 255 where none is named
 * @param idleTimeout seconds, 0 for none
 * @param hardTimeout seconds, 0 for none
 * @param flags bits of {@link #SEND_FLOW_REMOVED} and so on
 */
public record FlowLine(
        int table,
        int priority,
        int idleTimeout,
        int hardTimeout,
        int importance,
        long cookie,
        int flags,
        FlowMatch match,
        List<OpenFlowAction> actions) {

    /** Where none is named. */
    public static final int DEFAULT_PRIORITY = 0x8000;

    /** Flags, as OpenFlow has them. */
    public static final int SEND_FLOW_REMOVED = 1;

    public static final int CHECK_OVERLAP = 1 << 1;
    public static final int RESET_COUNTS = 1 << 2;
    public static final int NO_PACKET_COUNTS = 1 << 3;
    public static final int NO_BYTE_COUNTS = 1 << 4;

    /** Their names, from the first bit on. */
    static final List<String> FLAGS =
            List.of("send_flow_rem", "check_overlap", "reset_counts", "no_packet_counts", "no_byte_counts");

    private static final List<String> PORTS = List.of("in_port=", "actset_output=");

    public FlowLine {
        actions = List.copyOf(actions);
    }

    /** The line as {@code ovs-ofctl dump-flows --no-stats} prints it. */
    public String format() {
        StringBuilder out = new StringBuilder();
        out.append(" cookie=0x").append(Long.toHexString(cookie)).append(", ");
        if (table != 0 && table != 255) {
            out.append("table=").append(table).append(", ");
        }
        timeout(out, "idle_timeout", idleTimeout);
        timeout(out, "hard_timeout", hardTimeout);
        for (String flag : flagNames()) {
            out.append(flag).append(' ');
        }
        timeout(out, "importance", importance);
        String fields = portsNamed(MatchText.format(match));
        if (priority != DEFAULT_PRIORITY) {
            out.append("priority=").append(priority).append(fields.isEmpty() ? "" : ",");
        }
        out.append(fields);
        out.append(priority == DEFAULT_PRIORITY && fields.isEmpty() ? "" : " ").append("actions=");
        ActionText.append(out, actions);
        return out.toString();
    }

    /** Reserved ports by their names, which a match does not know. */
    private static String portsNamed(String fields) {
        String named = fields;
        for (String name : PORTS) {
            int start = named.startsWith(name) ? 0 : named.indexOf("," + name) + 1;
            if (start > 0 || named.startsWith(name)) {
                int from = start + name.length();
                int comma = named.indexOf(',', from);
                int end = comma < 0 ? named.length() : comma;
                int port = Integer.parseInt(named.substring(from, end));
                named = named.substring(0, from) + ReservedPorts.format(port) + named.substring(end);
            }
        }
        return named;
    }

    private List<String> flagNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < FLAGS.size(); i++) {
            if ((flags >>> i & 1) != 0) {
                names.add(FLAGS.get(i));
            }
        }
        return names;
    }

    private static void timeout(StringBuilder out, String name, int value) {
        if (value != 0) {
            out.append(name).append('=').append(value).append(", ");
        }
    }
}
