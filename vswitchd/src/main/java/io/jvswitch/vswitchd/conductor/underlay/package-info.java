/**
 * The network that carries the tunnels: its sockets, the VTEPs behind it, and how large packets on their paths may be.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.underlay;

import org.jspecify.annotations.NullMarked;
