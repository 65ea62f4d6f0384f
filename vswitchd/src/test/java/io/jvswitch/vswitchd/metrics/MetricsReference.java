package io.jvswitch.vswitchd.metrics;

import io.jvswitch.vswitchd.reference.MarkdownTable;
import java.util.Locale;

/** The reference page of the metrics, made from their catalogue. */
public final class MetricsReference {

    private MetricsReference() {}

    /** The page below its heading. */
    public static String body() {
        MarkdownTable table = new MarkdownTable("Metric", "Type", "Labels", "Meaning");
        for (Metric metric : Metric.values()) {
            table.row(
                    MarkdownTable.code(metric.exposedName()),
                    metric.type().name().toLowerCase(Locale.ROOT),
                    String.join(", ", metric.labels()),
                    metric.help());
        }
        return """
                `GET /metrics` on the control socket, in Prometheus' text format:

                ```
                curl --unix-socket /run/jvswitch/hv1.sock http://jvswitch/metrics
                ```

                Every metric has the label `switch`, the switch's name, beside those below. Counters begin at 0 when the daemon
                starts, a port's when it is attached. The port `underlay` stands for the tunnels. A port has about 14 series, and one for
                each reason that it has dropped a frame for.

                """ + table;
    }
}
