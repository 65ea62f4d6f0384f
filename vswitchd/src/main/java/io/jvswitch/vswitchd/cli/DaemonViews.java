package io.jvswitch.vswitchd.cli;

import io.jvswitch.vswitchd.view.StatsView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Asks a daemon by its control socket, for programs of this JVM: what {@code jvswitch stats --json} prints, as a value. */
public final class DaemonViews {

    private DaemonViews() {}

    /**
     * Counters of each queue, each worker and the JVM. Any thread.
     *
     * @param socket the daemon's control socket
     * @throws UncheckedIOException when there is no daemon, or it does not answer
     */
    public static StatsView stats(Path socket) {
        try {
            Console console = new Console(System.out, System.err, socket.toAbsolutePath(), null);
            console.setSocket(socket);
            return console.view("/v1/stats", StatsView.class);
        } catch (CommandFailure e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }
}
