/**
 * The learning switch: which network a frame is of, whether its sender may send it, whether the switch answers it
 * itself, and where it goes.
 */
@NullMarked
package io.jvswitch.datapath.normal;

import org.jspecify.annotations.NullMarked;
