package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.normal.NormalTranslator;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who takes a port back does not wait for the frames of all others. */
final class PortReleaseTest {

    /** A cycle of 2,000 ports that flood takes minutes. */
    @Test
    void aWorkerLetsAPortGoBetweenTheBurstsOfOthers() {
        List<String> happened = new ArrayList<>();
        AtomicReference<@Nullable TestSwitch> running = new AtomicReference<>();
        Translator real = new NormalTranslator();
        Translator watched = step -> {
            happened.add("frame from " + step.key().get(FlowField.IN_PORT));
            TestSwitch blue = running.getAndSet(null);
            if (blue != null) {
                blue.worker().proxy().removePort(3, () -> happened.add("let go"));
            }
            real.translate(step);
        };
        try (TestSwitch blue = new TestSwitch(3, 64, 64, watched)) {
            blue.run();
            running.set(blue);
            for (int port = 1; port <= 3; port++) {
                blue.port(port).offer(Frames.udpv4().payload(18));
            }
            blue.worker().doWork(1_000_000_000L);
            assertEquals(List.of("frame from 1", "let go", "frame from 2"), happened);
        }
    }
}
