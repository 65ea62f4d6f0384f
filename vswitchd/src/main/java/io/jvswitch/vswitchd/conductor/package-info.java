/**
 * The conductor: the one thread that owns the switch's state. It applies configuration and commands, learns what
 * workers tell, answers DHCP, follows devices and the underlay, and publishes a new snapshot for every change.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor;

import org.jspecify.annotations.NullMarked;
