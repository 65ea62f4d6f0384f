/**
 * Calls on a running switch, in its own words: what can be asked of it, what it answers, and how it refuses. Knows no
 * protocol by which the calls come.
 */
@NullMarked
package io.jvswitch.vswitchd.api;

import org.jspecify.annotations.NullMarked;
