/**
 * What a running switch says about itself: immutable records, the same for text, JSON and metrics.
 *
 * <p>In JSON a record is an object whose keys are the component names in snake case ({@code rx_frames}), addresses are
 * their text, and absent values are left out.
 */
@NullMarked
package io.jvswitch.vswitchd.view;

import org.jspecify.annotations.NullMarked;
