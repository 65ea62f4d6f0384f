package io.jvswitch.vswitchd;

import io.jvswitch.vswitchd.api.BridgeControl;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A running switch in this process.
 *
 * <p>The command {@code run} starts one by the {@link Factory}, serves its {@link #control()} on the control socket,
 * turns SIGHUP into a reload and SIGTERM and SIGINT into {@link #stop()}, and ends when {@link #awaitStop()} returns.
 */
public interface Daemon {

    /** What the control socket offers. */
    SwitchControl control();

    /** Its bridges, for whoever keeps them elsewhere than in the configuration. */
    BridgeControl bridges();

    /**
     * Blocks until the switch has stopped (by {@link #stop()} or {@link SwitchControl#stop()}) and everything that it
     * created is removed.
     */
    void awaitStop() throws InterruptedException;

    /** Asks the switch to stop; returns at once. May be called from any thread and more than once. */
    void stop();

    /** Starts a daemon; found by {@link java.util.ServiceLoader}. */
    interface Factory {

        /** What is wrong with an installation that has none, and what to do. */
        String NONE_INSTALLED = "this installation has no data path: install all of jvswitch's jars";

        /** The one that is on the class path; empty where the data path's jars are not. */
        static Optional<Factory> installed() {
            return ServiceLoader.load(Factory.class).findFirst();
        }

        /**
         * Starts the switch: workers run and ports are attached when it returns, or wait for what they need.
         *
         * @param spec what to start
         * @param configFile where {@code spec} was read from, for messages
         * @throws io.jvswitch.vswitchd.api.ControlRefusedException when the switch cannot start; nothing is left
         *     behind
         */
        Daemon start(SwitchSpec spec, Path configFile);
    }
}
