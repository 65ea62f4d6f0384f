package io.jvswitch.vswitchd.cli;

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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks a daemon over its control socket: just enough HTTP/1.1 for the daemon's own answers, on the JDK alone, because loading an
 * HTTP library takes longer than everything else that a command does.
 */
final class ControlClient {

    /** Longer than the daemon's own limits, so that its answer says why. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(15);

    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(150);

    private final Path socket;

    ControlClient(Path socket) {
        this.socket = socket;
    }

    /** Whether the answer is for a program or for a person. */
    enum Form {
        JSON("application/json"),
        TEXT("text/plain");

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    /** Takes an answer's body as it comes. */
    interface BodyReader<T> {
        T read(int status, InputStream body) throws IOException;
    }

    /**
     * Sends a request and reads the answer.
     *
     * @param path path and query, already encoded
     * @param body JSON, or null
     * @throws CommandFailure when there is no daemon, or it does not answer
     */
    <T> T ask(String method, String path, @Nullable String body, Form form, BodyReader<T> reader) {
        Duration limit = method.equals("GET") ? READ_LIMIT : CHANGE_LIMIT;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread watchdog = Thread.ofPlatform().daemon().name("watchdog").unstarted(() -> closeAfter(limit, channel));
            channel.connect(UnixDomainSocketAddress.of(socket));
            watchdog.start();
            byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
            String head = method + " " + path + " HTTP/1.1\r\nHost: jvswitch\r\nAccept: " + form.mediaType
                    + "\r\nConnection: close\r\nContent-Length: " + content.length + "\r\n\r\n";
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
            Head answer = readHead(in);
            T result = reader.read(answer.status, answer.chunked ? new ChunkedStream(in) : in);
            watchdog.interrupt();
            return result;
        } catch (ClosedChannelException e) {
            throw new CommandFailure("the daemon at " + socket + " did not answer within " + limit.toSeconds()
                    + " s: it may be stopped or overloaded, see its log");
        } catch (ConnectException e) {
            throw new CommandFailure("no daemon serves " + socket
                    + " any more (it ended without removing its socket): start it with 'jvswitch run --config FILE'");
        } catch (SocketException e) {
            throw new CommandFailure(unreachable(e));
        } catch (IOException e) {
            throw new CommandFailure("the daemon at " + socket + " broke off its answer: " + e.getMessage());
        }
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

        ChunkedStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (left == 0 && !ended) {
                String size = readLine(in);
                left = Long.parseLong(size.strip(), 16);
                ended = left == 0;
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
