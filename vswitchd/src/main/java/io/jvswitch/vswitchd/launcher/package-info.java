/** The daemon as the native program {@code ovs-vswitchd} starts it, in the process that it has made a daemon of. */
@NullMarked
package io.jvswitch.vswitchd.launcher;

import org.jspecify.annotations.NullMarked;
