package io.jvswitch.dhcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A lease file as read.
 *
 * @param records the last record of each address that is not gone, in the order of the file
 * @param lines number of record lines in the file, good or bad
 * @param goodBytes where the last whole line ends
 * @param tornBytes bytes after it: an unfinished line
 * @param problems what is wrong with which lines, for people
 * @param editedLines number of valid lines that were written by hand
 * @param endMissing whether the last line is complete except for its line feed
 * @param asWritten whether it is as the daemon writes it, apart from damaged lines: no editor changed its line endings
 */
record LeaseJournal(
        List<LeaseRecord> records,
        int lines,
        long goodBytes,
        long tornBytes,
        List<String> problems,
        int editedLines,
        boolean endMissing,
        boolean asWritten) {

    /** The first line of a lease file. */
    static final String HEADER = "# jvswitch DHCP leases, format 1. Stop the daemon before you edit this, "
            + "and end each line that you write or change with crc=edited.";

    /** What some editors put before a text (a UTF-8 byte order mark), read as ISO 8859-1. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private static final int BUFFER_BYTES = 64 * 1024;
    /** At most so many problems are reported; a file that is not ours would fill the log. */
    private static final int MAX_PROBLEMS = 20;

    /** Reads a whole file. */
    static LeaseJournal read(FileChannel channel) throws IOException {
        Reading reading = new Reading();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long at = 0;
        int count;
        while ((count = channel.read(buffer.clear(), at)) > 0) {
            at += count;
            buffer.flip();
            while (buffer.hasRemaining()) {
                reading.add(buffer.get());
            }
        }
        return reading.finish();
    }

    private static final class Reading {
        private final Map<Integer, LeaseRecord> byIp = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long lineAt;
        private long at;
        private int lineNumber = 1;
        private int records;
        private int unreported;
        private int edited;
        private boolean endMissing;
        private boolean asWritten = true;

        void add(byte octet) {
            at++;
            if (octet == '\n') {
                finishLine();
                lineNumber++;
                lineAt = at;
                line.reset();
            } else if (line.size() <= LeaseLineWriter.MAX_LINE_BYTES) {
                line.write(octet);
            }
        }

        private void finishLine() {
            String text = lineWithoutEditorsMarks();
            asWritten &= lineNumber > 1 || text.equals(HEADER);
            if (text.isBlank() || text.startsWith("#")) {
                return;
            }
            records++;
            try {
                take(text);
            } catch (LeaseLineReader.BadLineException e) {
                if (problems.size() < MAX_PROBLEMS) {
                    problems.add("line " + lineNumber + " (offset " + lineAt + ", " + (at - lineAt)
                            + " bytes) is damaged and left out: " + e.getMessage());
                } else {
                    unreported++;
                }
            }
        }

        private String lineWithoutEditorsMarks() {
            String text = line.toString(StandardCharsets.ISO_8859_1);
            if (lineNumber == 1 && text.startsWith(BYTE_ORDER_MARK)) {
                text = text.substring(BYTE_ORDER_MARK.length());
                asWritten = false;
            }
            if (text.endsWith("\r")) {
                text = text.substring(0, text.length() - 1);
                asWritten = false;
            }
            return text;
        }

        private void take(String text) throws LeaseLineReader.BadLineException {
            LeaseRecord found = LeaseLineReader.read(text);
            byIp.remove(found.ip()); // so that the newest is last
            if (found.kind() != LeaseRecord.Kind.GONE) {
                byIp.put(found.ip(), found);
            }
            if (LeaseLineReader.isEdited(text)) {
                edited++;
                asWritten = false;
            }
        }

        /** A last line that lacks only its line feed, as some editors leave it, is valid. */
        private void finishTorn() {
            if (at == lineAt) {
                return;
            }
            try {
                take(lineWithoutEditorsMarks());
                records++;
                lineAt = at;
                endMissing = true;
                asWritten = false;
            } catch (LeaseLineReader.BadLineException e) {
                // an unfinished line: it is cut off
            }
        }

        LeaseJournal finish() {
            if (unreported > 0) {
                problems.add(unreported + " more damaged lines are left out");
            }
            finishTorn();
            return new LeaseJournal(
                    List.copyOf(byIp.values()),
                    records,
                    lineAt,
                    at - lineAt,
                    List.copyOf(problems),
                    edited,
                    endMissing,
                    asWritten);
        }
    }
}
