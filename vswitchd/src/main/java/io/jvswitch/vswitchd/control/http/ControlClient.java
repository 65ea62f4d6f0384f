package io.jvswitch.vswitchd.control.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a daemon over its control socket: just enough HTTP/1.1 for the daemon's own answers, on the JDK alone, because
 * loading an HTTP library takes longer than everything else that a command does.
 */
public final class ControlClient {

    /** Longer than the daemon's own limits, so that its answer says why. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(15);

    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(150);

    private final Path socket;

    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /** Whether a daemon listens there; one that this user may not ask counts. */
    public static boolean isServed(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            return false; // a daemon that was killed left it
        } catch (IOException e) {
            return Files.exists(socket);
        }
    }

    /** Whether the answer is for a program or for a person. */
    public enum Form {
        JSON("application/json"),
        TEXT("text/plain");

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    /** Takes an answer's body as it comes. */
    public interface BodyReader<T> {
        T read(int status, InputStream body) throws IOException;
    }

    /**
     * Sends a request and reads the answer.
     *
     * @param path path and query, already encoded
     * @param body JSON, or null
     * @throws NoAnswerException when there is no daemon, or it does not answer
     */
    public <T> T ask(String method, String path, @Nullable String body, Form form, BodyReader<T> reader) {
        Duration limit = method.equals("GET") ? READ_LIMIT : CHANGE_LIMIT;
        byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        return connected(limit, (channel, watchdog) -> {
            InputStream in = request(channel, method, path, content, form);
            Head answer = readHead(in);
            T result = reader.read(answer.status, answer.chunked ? new ChunkedStream(in) : in);
            watchdog.interrupt();
            return result;
        });
    }

    private interface Conversation<T> {
        T hold(SocketChannel channel, Thread watchdog) throws IOException;
    }

    private <T> T connected(Duration limit, Conversation<T> conversation) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread watchdog = Thread.ofPlatform().daemon().name("watchdog").unstarted(() -> closeAfter(limit, channel));
            channel.connect(UnixDomainSocketAddress.of(socket));
            watchdog.start();
            return conversation.hold(channel, watchdog);
        } catch (ClosedChannelException e) {
            throw new NoAnswerException("the daemon at " + socket + " did not answer within " + limit.toSeconds()
                    + " s: it may be stopped or overloaded, see its log");
        } catch (ConnectException e) {
            throw new NoAnswerException("no daemon serves " + socket
                    + " any more (it ended without removing its socket): start it with 'jvswitch run --config FILE'");
        } catch (SocketException e) {
            throw new NoAnswerException(unreachable(e));
        } catch (IOException e) {
            throw new NoAnswerException("the daemon at " + socket + " broke off its answer: " + e.getMessage());
        }
    }

    /**
     * What a stream brought.
     *
     * @param trailers what stood behind the body, names in lower case; empty when it was not read to its end
     */
    public record Streamed<T>(T result, Map<String, String> trailers) {}

    /** A stream that the daemon goes on with until it is told to end. */
    public static final class Stream {

        private final SocketChannel channel;
        private boolean ending;

        private Stream(SocketChannel channel) {
            this.channel = channel;
        }

        /** Asks the daemon to end it; asked again, ends it at once. Any thread. */
        public synchronized void end() {
            try {
                if (ending) {
                    channel.close();
                } else {
                    ending = true;
                    channel.shutdownOutput();
                }
            } catch (IOException _) {
                // it has ended already
            }
        }
    }

    /**
     * Reads an answer that has no end of its own.
     *
     * @param path path and query, already encoded
     * @param begun given the stream when the daemon has answered
     * @param reader takes the body as it comes; where it returns, the stream ends
     * @throws NoAnswerException when there is no daemon, or it breaks off
     */
    public <T> Streamed<T> stream(String path, Consumer<Stream> begun, BodyReader<T> reader) {
        return connected(READ_LIMIT, (channel, watchdog) -> {
            InputStream in = request(channel, "GET", path, new byte[0], Form.TEXT);
            Head answer = readHead(in);
            watchdog.interrupt();
            begun.accept(new Stream(channel));
            if (!answer.chunked) {
                return new Streamed<>(reader.read(answer.status, in), Map.of());
            }
            ChunkedStream body = new ChunkedStream(in);
            return new Streamed<>(reader.read(answer.status, body), body.trailers);
        });
    }

    private static InputStream request(SocketChannel channel, String method, String path, byte[] content, Form form)
            throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: jvswitch\r\nAccept: " + form.mediaType
                + "\r\nConnection: close\r\nContent-Length: " + content.length + "\r\n\r\n";
        write(channel, head.getBytes(StandardCharsets.US_ASCII));
        write(channel, content);
        return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    }

    private static void closeAfter(Duration limit, SocketChannel channel) {
        try {
            Thread.sleep(limit);
            channel.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // the reader finds out
        }
    }

    private String unreachable(SocketException e) {
        if (!Files.exists(socket)) {
            return "no daemon at " + socket + ": start it with 'jvswitch run --config FILE'";
        }
        if (!Files.isWritable(socket)) {
            return "no permission for " + socket + ": run the command as root or as the daemon's user";
        }
        return "cannot reach the daemon at " + socket + ": " + e.getMessage();
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private record Head(int status, boolean chunked) {}

    private static Head readHead(InputStream in) throws IOException {
        String[] statusLine = readLine(in).split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.") || !statusLine[1].matches("[0-9]{3}")) {
            throw new IOException("not HTTP");
        }
        boolean chunked = false;
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            chunked |= line.toLowerCase(Locale.ROOT).matches("transfer-encoding:\\s*chunked");
        }
        return new Head(Integer.parseInt(statusLine[1]), chunked);
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("it ended early");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    /** A body in chunks (RFC 9112, section 7.1); an end without the last chunk is an error. */
    private static final class ChunkedStream extends InputStream {

        private final InputStream in;
        private long left;
        private boolean ended;
        /** What stands behind the last chunk, names in lower case. */
        private final Map<String, String> trailers = new HashMap<>();

        ChunkedStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        private void readTrailers() throws IOException {
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                String[] parts = line.split(":", 2);
                if (parts.length == 2) {
                    trailers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
                }
            }
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (left == 0 && !ended) {
                String size = readLine(in);
                left = Long.parseLong(size.strip(), 16);
                ended = left == 0;
                if (ended) {
                    readTrailers();
                }
            }
            if (ended) {
                return -1;
            }
            int count = in.read(into, from, (int) Math.min(most, left));
            if (count < 0) {
                throw new IOException("it ended early");
            }
            left -= count;
            if (left == 0) {
                readLine(in);
            }
            return count;
        }
    }
}
