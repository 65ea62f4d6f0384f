/**
 * The control plane of a switch under its own weight: how long changes, start and stop take, and who waits meanwhile.
 */
@NullMarked
package io.jvswitch.bench.control;

import org.jspecify.annotations.NullMarked;
