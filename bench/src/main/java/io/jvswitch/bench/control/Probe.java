package io.jvswitch.bench.control;

import io.jvswitch.vswitchd.demo.StepFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the same question again and again on a thread of its own, and notes how long each answer took. */
final class Probe implements AutoCloseable {

    /** A question, which returns when it is answered. */
    interface Question {
        void ask() throws InterruptedException;
    }

    private static final long PAUSE_MS = 10;

    private final List<Long> answeredNs = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile boolean ended;

    private Probe(String name, Question question) {
        thread = new Thread(() -> run(question), "probe " + name);
        thread.setDaemon(true);
    }

    static Probe start(String name, Question question) {
        Probe probe = new Probe(name, question);
        probe.thread.start();
        return probe;
    }

    private void run(Question question) {
        try {
            while (!ended) {
                long beganNs = System.nanoTime();
                question.ask();
                answeredNs.add(System.nanoTime() - beganNs);
                Thread.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the last answer. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("interrupted", e);
        }
    }

    /** What was noted, in any order. */
    Times times() {
        synchronized (answeredNs) {
            return Times.of(answeredNs);
        }
    }
}
