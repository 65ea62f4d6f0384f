package io.jvswitch.openflow.text;

import io.jvswitch.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Open vSwitch's own codec, by commands of {@code ovs-ofctl} that its manual does not tell of. */
public final class OvsOfctl {

    private OvsOfctl() {}

    /** Fails or skips the test where there is no ovs-ofctl. */
    public static void require() {
        Peers.require("ovs-ofctl");
    }

    /** Runs a command that reads lines, and returns what it answers to each; answers end with an empty line. */
    public static List<String> answers(List<String> lines, String... command) {
        String all = run(lines, command);
        List<String> answers = new ArrayList<>(Arrays.asList(all.split("\n\n", -1)));
        answers.removeLast();
        return answers;
    }

    /** Runs a command with lines to read, and returns what it prints, errors too. */
    public static String run(List<String> lines, String... command) {
        List<String> words = new ArrayList<>(List.of("ovs-ofctl", "-vconsole:off"));
        words.addAll(List.of(command));
        try {
            Path input = Files.createTempFile("ovs-ofctl", ".in");
            try {
                Files.write(input, lines);
                Process process = new ProcessBuilder(words)
                        .redirectInput(input.toFile())
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                process.waitFor();
                return output;
            } finally {
                Files.delete(input);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
