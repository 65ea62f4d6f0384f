/**
 * The command line. A command is a client of the control socket and loads little: start-up is most of its run time.
 */
@NullMarked
package io.jvswitch.vswitchd.cli;

import org.jspecify.annotations.NullMarked;
