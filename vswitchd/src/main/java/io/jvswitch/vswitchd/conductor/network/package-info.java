/**
 * One network at run time: who is in it, its MAC table, and its DHCP servers.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.network;

import org.jspecify.annotations.NullMarked;
