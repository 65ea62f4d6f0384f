package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A hundred pings a second beside what a test does, to show that nothing of it cost a frame. */
final class Pings implements AutoCloseable {
    private static final Pattern ANSWER = Pattern.compile("icmp_seq=(\\d+) ttl=");

    private final RunningProgram ping;

    private Pings(RunningProgram ping) {
        this.ping = ping;
    }

    /** Returns after the fifth answer. */
    static Pings start(Netns from, String address) {
        Pings pings = new Pings(from.start("ping", "-i", "0.01", "-W", "5", address));
        try {
            pings.ping.awaitOutput("icmp_seq=5 ", Hypervisor.LIMIT);
        } catch (AssertionError e) {
            pings.close();
            throw e;
        }
        return pings;
    }

    /**
     * Ends the pings: each up to the last answered one was answered, once and in order. What was on its way when they
     * ended proves nothing, so the count of packets lost that ping itself gives is no judge.
     */
    void assertNoneLost() {
        Programs.run("kill", "-INT", Long.toString(ping.process().pid()));
        ping.awaitOutput("packet loss", Hypervisor.LIMIT);
        List<Integer> answered = ANSWER.matcher(ping.output())
                .results()
                .map((MatchResult answer) -> Integer.valueOf(answer.group(1)))
                .toList();
        assertEquals(IntStream.rangeClosed(1, answered.getLast()).boxed().toList(), answered, ping::output);
    }

    @Override
    public void close() {
        ping.close();
    }
}
