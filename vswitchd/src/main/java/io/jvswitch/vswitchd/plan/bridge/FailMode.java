package io.jvswitch.vswitchd.plan.bridge;

/** What a bridge does while no controller has told it what to do. */
public enum FailMode {
    /** It forwards by itself, as a learning switch. */
    STANDALONE,
    /** It passes nothing. */
    SECURE
}
