package io.jvswitch.vswitchd.view;

import java.util.Locale;

/** Whether something can carry frames now. */
public enum PortState {
    /** Carries frames. */
    UP,
    /** There, but administratively down or without carrier. */
    DOWN,
    /** Not there yet, or gone: it is picked up when it (re)appears. What it waits for is said beside the state. */
    WAITING,
    /** Cannot be used until somebody does something; what, is said beside the state. */
    FAILED;

    /** The word in output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
