/**
 * What every way to command a daemon shares: its socket in the file system, its log of changes, and the reload of its
 * configuration file.
 */
@NullMarked
package io.jvswitch.vswitchd.control;

import org.jspecify.annotations.NullMarked;
