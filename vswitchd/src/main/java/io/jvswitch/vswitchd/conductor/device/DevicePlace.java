package io.jvswitch.vswitchd.conductor.device;

import org.jspecify.annotations.Nullable;

/**
 * Where a port's device is or would be: nobody else can have one there at the same time.
 *
 * @param netns as the configuration calls the namespace, null for the daemon's
 * @param name of the device
 */
public record DevicePlace(@Nullable String netns, String name) {}
