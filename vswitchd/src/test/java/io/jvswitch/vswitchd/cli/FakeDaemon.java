package io.jvswitch.vswitchd.cli;

import io.jvswitch.testkit.Await;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.api.BridgeControl;
import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A daemon without a data path; also a program, so that signals can be tried on a process of their own. */
final class FakeDaemon implements Daemon {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FakeSwitch control;

    FakeDaemon(SwitchSpec spec) {
        control = new FakeSwitch(spec, this::stop);
    }

    @Override
    public SwitchControl control() {
        return control;
    }

    @Override
    public BridgeControl bridges() {
        throw new AssertionError("no command of the YAML way asks for bridges");
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    /** As {@code Main}, with this daemon, which starts when there is a file {@code -Djvswitch.test.start-when=PATH}. */
    public static void main(String[] arguments) {
        Console console = new Console(System.out, System.err, Path.of("/nonexistent"), null);
        String startWhen = System.getProperty("jvswitch.test.start-when");
        Daemon.Factory factory = (spec, file) -> {
            if (startWhen != null) {
                Await.until(
                        "the file that lets it start", Duration.ofSeconds(60), () -> Files.exists(Path.of(startWhen)));
            }
            return new FakeDaemon(spec);
        };
        int status = CommandTree.run(console, arguments, new RunCommand(console, () -> factory));
        System.out.write(("status " + status + "\n").getBytes(StandardCharsets.UTF_8), 0, 9);
        System.out.flush();
        System.exit(status);
    }
}
