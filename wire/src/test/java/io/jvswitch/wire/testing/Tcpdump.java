package io.jvswitch.wire.testing;

import io.jvswitch.testkit.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** tcpdump's decoders as a judge of bytes that we made. */
public final class Tcpdump {

    private static final Pattern FIRST_LINE = Pattern.compile("[0-9]+\\.[0-9]{6} (.*)");

    private Tcpdump() {}

    /**
     * What {@code tcpdump -r - -n -e -vv} says of each frame, all its lines; needs the package {@code tcpdump}.
     *
     * @throws AssertionError when tcpdump fails
     */
    public static List<String> decode(List<byte[]> frames) throws IOException, InterruptedException {
        Peers.require("tcpdump");
        Path file = Files.createTempFile("jvswitch", ".pcap");
        try {
            PcapFile.write(file, frames);
            // Read from standard input: some distributions confine tcpdump to a few directories.
            Process process = new ProcessBuilder("tcpdump", "-r", "-", "-n", "-e", "-vv", "-tt")
                    .redirectInput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("tcpdump failed: exit status " + process.exitValue());
            }
            return split(output);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** What tcpdump says of one frame. */
    public static String decode(byte[] frame) throws IOException, InterruptedException {
        return decode(List.of(frame)).getFirst();
    }

    /** Every frame begins with its time; its other lines and the headers inside a tunnel do not. */
    private static List<String> split(String output) {
        List<String> frames = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Matcher first = FIRST_LINE.matcher(line);
            if (first.matches()) {
                frames.add(first.group(1));
            } else {
                frames.set(frames.size() - 1, frames.getLast() + "\n" + line);
            }
        }
        return frames;
    }
}
