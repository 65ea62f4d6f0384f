/**
 * One port at run time: its number, its device as it comes and goes, and what is counted for it.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.port;

import org.jspecify.annotations.NullMarked;
