/**
 * The conductor: the one thread that owns the switch's state. Here are its thread, its duty cycle, and the calls that
 * others make on it. What it does has rooms of its own, each of which knows only those before it: {@code device},
 * {@code port}, {@code network}, {@code underlay}, {@code state}, {@code view}.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor;

import org.jspecify.annotations.NullMarked;
