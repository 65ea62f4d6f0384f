package io.jvswitch.vswitchd.cli;

import io.jvswitch.vswitchd.control.http.ControlClient;
import io.jvswitch.vswitchd.control.http.NoAnswerException;
import io.jvswitch.vswitchd.view.StatsView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Asks a daemon by its control socket, for programs of this JVM: what {@code jvswitch stats --json} prints, as a value.
 */
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
        } catch (CommandFailure | NoAnswerException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    /**
     * Sends a request, and gives the answer's text.
     *
     * @param socket the daemon's control socket
     * @param path path and query, already encoded
     * @param body JSON, or null
     * @throws UncheckedIOException when there is no daemon, it does not answer, or it refuses
     */
    public static String ask(Path socket, String method, String path, @Nullable String body) {
        try {
            return new ControlClient(socket).ask(method, path, body, ControlClient.Form.TEXT, (status, in) -> {
                String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (status >= Console.FIRST_ERROR_STATUS) {
                    throw new IOException(answer.strip());
                }
                return answer;
            });
        } catch (NoAnswerException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }
}
