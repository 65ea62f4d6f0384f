package io.jvswitch.vswitchd.plan.bridge;

/** What an interface of a bridge is made of. */
public enum InterfaceType {
    /** An existing network device of the daemon's namespace. */
    SYSTEM,
    /** A TAP of the host's that outlives the daemon. */
    INTERNAL,
    /** One end of a cable to another bridge. */
    PATCH;

    /** Whether the kernel has a device of its name. */
    public boolean isDevice() {
        return this != PATCH;
    }
}
