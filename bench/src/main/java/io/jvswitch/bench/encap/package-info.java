/** What tunnels, clamping, segmentation and coalescing cost a frame. */
@NullMarked
package io.jvswitch.bench.encap;

import org.jspecify.annotations.NullMarked;
