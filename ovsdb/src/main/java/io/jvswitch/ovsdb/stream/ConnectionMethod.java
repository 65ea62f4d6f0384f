package io.jvswitch.ovsdb.stream;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server, as Open vSwitch writes it (ovsdb(7), "Active" connection methods).
 *
 * @param kind the kind of socket
 * @param name the text as it was given, which log lines show
 * @param host an address, or a name to be looked up; absent for {@link Kind#UNIX}
 * @param port the TCP port, 0 for {@link Kind#UNIX}
 * @param path the socket; absent but for {@link Kind#UNIX}
 */
public record ConnectionMethod(
        Kind kind,
        String name,
        @Nullable String host,
        int port,
        @Nullable Path path) {

    /** The port that IANA gave to OVSDB, where none is named. */
    public static final int DEFAULT_PORT = 6640;

    private static final int MAX_PORT = 65_535;

    /** What is behind the colon. */
    public enum Kind {
        /** A Unix domain socket: {@code unix:FILE}. */
        UNIX,
        /** TCP: {@code tcp:HOST[:PORT]}. */
        TCP,
        /** TLS over TCP: {@code ssl:HOST[:PORT]}. */
        SSL
    }

    /** Whether the far side may vanish without a sign, so that it must be asked now and then. */
    public boolean needsProbes() {
        return kind != Kind.UNIX;
    }

    /**
     * Reads {@code unix:FILE}, {@code tcp:HOST[:PORT]} or {@code ssl:HOST[:PORT]}; an IPv6 address stands in brackets.
     *
     * @param runDirectory what a relative file is relative to
     * @throws IllegalArgumentException when it is none of these
     */
    public static ConnectionMethod parse(String name, Path runDirectory) {
        int colon = name.indexOf(':');
        String prefix = colon < 0 ? name : name.substring(0, colon);
        String rest = colon < 0 ? "" : name.substring(colon + 1);
        return switch (prefix) {
            case "unix" -> {
                if (rest.isEmpty()) {
                    throw refused(name, "no file is named");
                }
                yield new ConnectionMethod(Kind.UNIX, name, null, 0, runDirectory.resolve(rest));
            }
            case "tcp", "ssl" -> inet(Kind.valueOf(prefix.toUpperCase(Locale.ROOT)), name, rest);
            default -> throw refused(name, "expected unix:FILE, tcp:HOST[:PORT] or ssl:HOST[:PORT]");
        };
    }

    private static ConnectionMethod inet(Kind kind, String name, String rest) {
        String host;
        String port;
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0) {
                throw refused(name, "the bracket before the address is not closed");
            }
            host = rest.substring(1, end);
            port = rest.substring(end + 1);
            if (!port.isEmpty() && port.charAt(0) != ':') {
                throw refused(name, "expected a colon and a port behind the bracket");
            }
            port = port.isEmpty() ? "" : port.substring(1);
        } else {
            int colon = rest.indexOf(':');
            host = colon < 0 ? rest : rest.substring(0, colon);
            port = colon < 0 ? "" : rest.substring(colon + 1);
        }
        if (host.isEmpty()) {
            throw refused(name, "no host is named");
        }
        return new ConnectionMethod(kind, name, host, port.isEmpty() ? DEFAULT_PORT : port(name, port), null);
    }

    private static int port(String name, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Refused below, like a number that is out of range.
        }
        throw refused(name, "\"" + text + "\" is not a port number");
    }

    /** The host where it is an address, and null where it must be looked up. */
    @Nullable
    InetAddress literalAddress() {
        try {
            return host == null ? null : InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException("connection method \"" + name + "\": " + why);
    }
}
