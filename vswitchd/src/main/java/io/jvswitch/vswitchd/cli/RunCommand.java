package io.jvswitch.vswitchd.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jvswitch.vswitchd.Daemon;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.config.yaml.ConfigError;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.control.ConfigReload;
import io.jvswitch.vswitchd.control.http.ControlServer;
import io.jvswitch.vswitchd.control.http.Json;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.text.Units;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: the daemon, in the foreground. */
@Command(
        name = "run",
        description = {
            "Run the switch in the foreground.",
            "SIGTERM and SIGINT stop it and remove what it created; SIGHUP reloads the configuration. Events are "
                    + "logged to stderr."
        })
final class RunCommand implements Callable<Integer> {

    private final Console console;
    private final Supplier<Daemon.Factory> factory;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration, in YAML.")
    private @Nullable Path config;

    @Option(names = "--check", description = "Only check the configuration; start and create nothing.")
    private boolean check;

    @Option(names = "--json", description = "With --check: print the outcome, and every error, as JSON.")
    private boolean json;

    RunCommand(Console console) {
        this(console, RunCommand::installed);
    }

    RunCommand(Console console, Supplier<Daemon.Factory> factory) {
        this.console = console;
        this.factory = factory;
    }

    static Daemon.Factory installed() {
        return Daemon.Factory.installed().orElseThrow(() -> new CommandFailure(Daemon.Factory.NONE_INSTALLED));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (json && !check) {
            throw CommandFailure.ofUsage("--json is for --check: the daemon prints nothing but its log");
        }
        Path file = config == null ? Path.of("") : config;
        DaemonSignals signals = check ? null : DaemonSignals.take();
        SwitchSpec spec;
        try {
            spec = ConfigReader.read(file);
        } catch (ConfigException e) {
            if (json) {
                console.err().println(Json.write(new Checked(false, null, null, null, e.errors())));
                return Console.USAGE;
            }
            for (ConfigError error : e.errors()) {
                console.err().println(error);
            }
            return Console.USAGE;
        }
        if (signals == null && json) {
            Checked ok = new Checked(
                    true, spec.name(), spec.networks().size(), spec.ports().size(), List.of());
            console.out().println(Json.write(ok));
            return Console.DONE;
        }
        if (signals == null) {
            console.out()
                    .println(file + ": ok: switch " + spec.name() + ", "
                            + Units.plural(spec.networks().size(), "network") + ", "
                            + Units.plural(spec.ports().size(), "port"));
            return Console.DONE;
        }
        return serve(spec, file, signals);
    }

    /**
     * What a check found.
     *
     * @param name the switch's, where the configuration is right; so are the numbers
     */
    private record Checked(
            boolean ok,
            @JsonProperty("switch") @Nullable String name,
            @Nullable Integer networks,
            @Nullable Integer ports,
            List<ConfigError> errors) {}

    private int serve(SwitchSpec spec, Path file, DaemonSignals signals) throws InterruptedException {
        try (ControlServer server = ControlServer.open(spec.controlSocket())) {
            Daemon daemon = factory.get().start(spec, file);
            ConfigReload reload = new ConfigReload(file, daemon.control());
            server.serve(daemon.control(), reload::run);
            LoggerFactory.getLogger(RunCommand.class).info("control socket {}: ready", server.path());
            signals.serve(spec.name(), daemon::stop, () -> {
                var _ = reload.run();
            });
            daemon.awaitStop();
            return Console.DONE;
        } catch (ControlRefusedException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }
}
