/**
 * What the switch shows of itself: the answers to questions, made from its state.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.view;

import org.jspecify.annotations.NullMarked;
