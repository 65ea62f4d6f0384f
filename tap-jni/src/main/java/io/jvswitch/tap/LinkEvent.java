package io.jvswitch.tap;

/** A change in the kernel's network configuration. */
public sealed interface LinkEvent {

    /**
     * A device exists: it is new, it changed, or it was listed in answer to {@link LinkMonitor#requestAll}.
     *
     * @param device as it is now
     */
    record Present(DeviceState device) implements LinkEvent {}

    /**
     * A device is gone: deleted, or moved to another namespace.
     *
     * @param index the index that it had
     * @param name the name that it had
     */
    record Gone(int index, String name) implements LinkEvent {}

    /**
     * A device gained or lost an IP address.
     *
     * @param index its number
     */
    record AddressesChanged(int index) implements LinkEvent {}

    /** Some route to other hosts was added, changed or removed: path MTUs and sources may differ now. */
    record RoutesChanged() implements LinkEvent {}

    /**
     * The kernel had more events than its buffer holds, and some are lost: list everything again ({@link
     * LinkMonitor#requestAll}).
     */
    record Overrun() implements LinkEvent {}
}
