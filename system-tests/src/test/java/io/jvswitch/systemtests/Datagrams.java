package io.jvswitch.systemtests;

import io.jvswitch.testkit.RunningProgram;
import java.time.Duration;

/**
 * Numbered UDP datagrams of known content, one way. The receiving guest's socket counts them: each has to arrive, once,
 * in its flow's order.
 *
 * @param flows source ports
 * @param sends send calls of each flow
 * @param perSend datagrams of a send; more than one make a train that the guest's kernel or somebody behind it cuts
 *     ({@code UDP_SEGMENT})
 * @param bytes length of a datagram; the last one of a train is shorter
 * @param merged whether the receiving socket takes trains whole ({@code UDP_GRO})
 */
record Datagrams(int flows, int sends, int perSend, int bytes, boolean merged) {

    /** Datagrams in all. */
    int count() {
        return flows * sends * perSend;
    }

    /** Sends them and judges what came. */
    void send(Guest from, Guest to, String toAddress) {
        String script = Scripts.file("trains.py").toString();
        try (RunningProgram server =
                to.netns().start("python3", "-u", script, "serve", toAddress, merged ? "merged" : "one")) {
            server.awaitOutput("listening ", Hypervisor.LIMIT);
            String port = server.output().replace("listening ", "").strip();
            String result = from.netns()
                    .tryRun(
                            "python3",
                            "-u",
                            script,
                            "call",
                            toAddress,
                            port,
                            "" + flows,
                            "" + sends,
                            "" + perSend,
                            "" + bytes)
                    .output();
            if (!result.contains("all " + count() + " arrived")) {
                throw new AssertionError(
                        this + " from " + from.netns().name() + ": " + result + "\n" + server.output());
            }
            server.awaitEnd(Duration.ofSeconds(30));
        }
    }
}
