package io.jvswitch.vswitchd.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals mean to the daemon. They are taken over before anything is made, so that none ends the process with
 * devices, socket and lock left behind; what comes before the switch runs is done when it does.
 *
 * <p>Any thread.
 */
final class DaemonSignals {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonSignals.class);

    /** Would end the process, and mean nothing here. Those that profilers and the JVM use are left to them. */
    private static final List<String> MEANINGLESS = List.of("USR1", "ALRM", "IO", "PWR");

    private String name = "";
    private @Nullable Runnable stop;
    private @Nullable Runnable reload;
    private @Nullable String earlyStop;
    private boolean earlyReload;

    private DaemonSignals() {}

    /** Takes the signals over. */
    static DaemonSignals take() {
        DaemonSignals signals = new DaemonSignals();
        Signals.on("TERM", () -> signals.stopFor("SIGTERM"));
        Signals.on("INT", () -> signals.stopFor("SIGINT"));
        if (!Signals.on("HUP", signals::reloadNow)) {
            LOG.warn("SIGHUP is ignored, as whoever started the daemon had it (nohup?):"
                    + " 'jvswitch reload' does what it would do");
        }
        for (String name : MEANINGLESS) {
            try {
                Signals.on(
                        name, () -> LOG.warn("SIG{} means nothing to jvswitch: SIGHUP reloads, SIGTERM stops", name));
            } catch (IllegalStateException e) {
                LOG.debug("SIG{} is the JVM's", name, e);
            }
        }
        return signals;
    }

    /**
     * The switch runs: signals are for it from now on, and so are those that came before.
     *
     * @param switchName for the log
     * @param stopSwitch returns at once
     * @param reloadSwitch returns at once
     */
    synchronized void serve(String switchName, Runnable stopSwitch, Runnable reloadSwitch) {
        name = switchName;
        stop = stopSwitch;
        reload = reloadSwitch;
        if (earlyStop != null) {
            stopFor(earlyStop);
        } else if (earlyReload) {
            reloadNow();
        }
    }

    private synchronized void stopFor(String signal) {
        if (stop == null) {
            LOG.info("{}: stopping as soon as the switch has started", signal);
            earlyStop = signal;
        } else {
            LOG.info("switch {}: {}, stopping", name, signal);
            stop.run();
        }
    }

    private synchronized void reloadNow() {
        if (reload == null) {
            LOG.info("configuration: SIGHUP, reloading as soon as the switch has started");
            earlyReload = true;
        } else {
            LOG.info("configuration: SIGHUP, reloading");
            reload.run();
        }
    }
}
