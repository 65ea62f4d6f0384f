package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the lines that {@link LeaseLineWriter} writes. Used when the daemon starts. */
final class LeaseLineReader {

    private static final String CRC = " crc=";
    /** In place of a checksum: the line was written by hand. The daemon never writes this. */
    private static final String EDITED = "edited";

    /** A line cannot be read; the message says why. */
    static final class BadLineException extends Exception {
        private static final long serialVersionUID = 1;

        BadLineException(String what) {
            super(what);
        }
    }

    private static final String HOW_TO_EDIT = " (a line that was edited by hand has to end in crc=" + EDITED + ")";

    private LeaseLineReader() {}

    /** Whether a line says that it was written by hand, and therefore has no checksum. */
    static boolean isEdited(String line) {
        return line.endsWith(CRC + EDITED);
    }

    /**
     * Reads one line, without its line feed.
     *
     * @throws BadLineException when it is damaged or not understood
     */
    static LeaseRecord read(String line) throws BadLineException {
        int crcAt = line.lastIndexOf(CRC);
        if (crcAt < 0) {
            throw new BadLineException("no checksum" + HOW_TO_EDIT);
        }
        CRC32C crc = new CRC32C();
        crc.update(line.substring(0, crcAt).getBytes(StandardCharsets.ISO_8859_1));
        String expected = HexFormat.of().toHexDigits((int) crc.getValue());
        String found = line.substring(crcAt + CRC.length());
        if (!expected.equals(found) && !isEdited(line)) {
            throw new BadLineException("checksum is " + found + ", but the line's is " + expected + HOW_TO_EDIT);
        }
        String[] words = line.substring(0, crcAt).split(" ", -1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1) {
                throw new BadLineException("'" + words[i] + "' is not NAME=VALUE");
            }
            // fields that a later version adds are ignored
            fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        if (isEdited(line)) {
            fields.remove("length"); // an end that was edited by hand is meant literally
        }
        try {
            return record(kind(words[0]), fields);
        } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
            throw new BadLineException(String.valueOf(e.getMessage()));
        }
    }

    private static LeaseRecord.Kind kind(String word) throws BadLineException {
        for (LeaseRecord.Kind kind : LeaseRecord.Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new BadLineException("'" + word + "' is no kind of record");
    }

    private static LeaseRecord record(LeaseRecord.Kind kind, Map<String, String> fields) throws BadLineException {
        int ip = IpAddress.parse(required(fields, "ip")).ipv4();
        boolean hasClient = kind == LeaseRecord.Kind.BOUND || kind == LeaseRecord.Kind.FREE;
        String id = hasClient ? required(fields, "id") : "";
        byte[] identity = HexFormat.of().parseHex(id.startsWith("+") ? id.substring(1) : id);
        if (hasClient && (identity.length == 0 || identity.length > DhcpRequest.MAX_VALUE_BYTES)) {
            throw new BadLineException("an id of " + identity.length + " bytes");
        }
        byte[] host = fields.getOrDefault("host", "").getBytes(StandardCharsets.ISO_8859_1);
        if (host.length > DhcpRequest.MAX_HOSTNAME_BYTES) {
            throw new BadLineException("a host of " + host.length + " bytes");
        }
        return new LeaseRecord(
                kind,
                ip,
                hasClient ? MacAddress.parse(required(fields, "mac")).bits() : 0,
                identity,
                id.startsWith("+"),
                fields.containsKey("relayed"),
                host,
                kind == LeaseRecord.Kind.GONE ? 0 : until(required(fields, "until")),
                fields.get("port"),
                lengthMs(fields.getOrDefault("length", "0")));
    }

    private static long lengthMs(String seconds) throws BadLineException {
        if (!seconds.matches("[0-9]{1,10}")) {
            throw new BadLineException("a length of " + seconds);
        }
        return TimeUnit.SECONDS.toMillis(Long.parseLong(seconds));
    }

    private static long until(String text) {
        return text.equals("never") ? Lease.NEVER : Instant.parse(text).toEpochMilli();
    }

    private static String required(Map<String, String> fields, String name) throws BadLineException {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new BadLineException("no " + name);
        }
        return value;
    }
}
