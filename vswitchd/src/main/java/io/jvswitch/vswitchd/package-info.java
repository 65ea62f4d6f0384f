/** The daemon: configuration, conductor, admin API, command line, metrics. */
@NullMarked
package io.jvswitch.vswitchd;

import org.jspecify.annotations.NullMarked;
