package io.jvswitch.tap;

/** News from the kernel's network configuration. */
public sealed interface LinkEvent {

    /**
     * A device is there: new, changed, or listed because somebody asked for all.
     *
     * @param device as it is now
     */
    record Present(DeviceState device) implements LinkEvent {}

    /**
     * A device is gone: deleted, or moved to another namespace.
     *
     * @param index the number that it had
     * @param name the name that it had
     */
    record Gone(int index, String name) implements LinkEvent {}

    /**
     * A device got or lost an IP address.
     *
     * @param index its number
     */
    record AddressesChanged(int index) implements LinkEvent {}

    /** Some route to other hosts was added, changed or removed: path MTUs and sources may differ now. */
    record RoutesChanged() implements LinkEvent {}

    /**
     * The kernel had more news than its buffer holds, and some are lost: ask for all ({@link LinkMonitor#requestAll}).
     */
    record Overrun() implements LinkEvent {}
}
