/**
 * Devices of ports: opening and closing them, and hearing of those that come and go. Knows the kernel, and nothing of
 * networks.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.device;

import org.jspecify.annotations.NullMarked;
