package io.jvswitch.vswitchd.control;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.view.ChangeView;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what was asked of the switch and what came of it, so that the log tells who changed it while nobody watched. */
public final class ChangeLog {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    /** Of a refusal; whoever asked gets all of it. */
    private static final int MAX_LINES = 50;

    private ChangeLog() {}

    /**
     * Logs a line for each change, or for each line of a refusal.
     *
     * @param by what was asked, as {@code control socket}
     * @param request the request, which is named where it was refused; empty when there is only one
     * @param change what changed, null when it was refused
     * @param failure why it was refused, or null
     */
    public static void tell(String by, String request, @Nullable ChangeView change, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            String what = request.isEmpty() ? "" : request + " refused: ";
            List<String> lines = String.valueOf(cause.getMessage()).lines().toList();
            if (!request.isEmpty() && cause instanceof ControlRefusedException refused && refused.hasErrors()) {
                // each line says that the request was refused: the last one, which sums them up, says nothing more
                lines = lines.subList(0, lines.size() - 1);
            }
            lines.stream().limit(MAX_LINES).forEach(line -> LOG.warn("{}: {}{}", by, what, line));
            if (lines.size() > MAX_LINES) {
                LOG.warn("{}: {}{} lines more of this answer are not logged", by, what, lines.size() - MAX_LINES);
            }
        } else if (change != null && change.changes().isEmpty()) {
            LOG.info("{}: nothing to change", by);
        } else if (change != null) {
            change.changes().forEach(line -> LOG.info("{}: {}", by, line));
        }
    }
}
