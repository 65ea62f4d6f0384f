/** The daemon's clock. Whoever needs the time is given it. */
@NullMarked
package io.jvswitch.vswitchd.time;

import org.jspecify.annotations.NullMarked;
