package io.jvswitch.vswitchd.reference;

import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.wire.DropReason;
import java.util.Locale;

/** The catalogue of drop reasons, by where on its journey the frame was. */
final class DropReasonsPage {
    static final ReferencePage PAGE = new ReferencePage("drop-reasons.md", "Drop reasons", DropReasonsPage::body);

    private DropReasonsPage() {}

    private static String body() {
        StringBuilder text = new StringBuilder("""
                Every frame that jvswitch does not send on is counted under exactly one of these names: by `jvswitch drops`,
                by port in `jvswitch stats`, and in the metrics. They stand in the order of a frame's journey.
                """);
        for (DropReason.Stage stage : DropReason.Stage.values()) {
            text.append("\n## ").append(heading(stage)).append("\n\n");
            MarkdownTable table = new MarkdownTable("Name", "What was seen", "What to do");
            for (DropReason reason : DropReason.values()) {
                if (reason.stage() == stage) {
                    table.row(MarkdownTable.code(reason.label()), reason.meaning(), DropRemedy.of(reason));
                }
            }
            text.append(table);
        }
        return text.toString();
    }

    private static String heading(DropReason.Stage stage) {
        return switch (stage) {
            case ARP, MTU -> stage.name();
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
            default -> stage.name().charAt(0) + stage.name().substring(1).toLowerCase(Locale.ROOT);
        };
    }
}
