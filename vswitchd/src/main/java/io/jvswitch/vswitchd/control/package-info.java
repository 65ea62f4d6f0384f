/** The control interface of a running switch, its server on a Unix domain socket, and the client of that server. */
@NullMarked
package io.jvswitch.vswitchd.control;

import org.jspecify.annotations.NullMarked;
