package io.jvswitch.vswitchd.control;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.view.ChangeView;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Reads the configuration file again and makes the switch what it says: all or nothing. The request {@code POST
 * /v1/reload} and SIGHUP both come here.
 */
public final class ConfigReload {

    /** A file may be on a disk that takes its time, a request be large, and the caller be the server's only thread. */
    public static final Executor READERS =
            task -> Thread.ofVirtual().name("config-reader").start(task);

    private final Path file;
    private final SwitchControl control;

    /** Of the file that the daemon was started with. */
    public ConfigReload(Path file, SwitchControl control) {
        this.file = file;
        this.control = control;
    }

    /** What changed, or a {@link ControlRefusedException} with every error; both are logged. */
    public CompletableFuture<ChangeView> run() {
        return CompletableFuture.supplyAsync(this::read, READERS)
                .thenCompose(control::reload)
                .whenComplete((change, failure) -> ChangeLog.tell("configuration", "", change, failure));
    }

    private SwitchSpec read() {
        try {
            return ConfigReader.read(file);
        } catch (ConfigException e) {
            throw ConfigRefusals.ofFile("configuration " + file, e, "the switch goes on as it was");
        }
    }
}
