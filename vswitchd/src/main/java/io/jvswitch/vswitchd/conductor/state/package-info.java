/**
 * The switch as a whole: becomes what a plan says, takes in what workers and the kernel tell, and publishes a snapshot
 * after each change.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.state;

import org.jspecify.annotations.NullMarked;
