/**
 * The seam between the two halves of the data path: what a translator sees of a frame and of the switch, and what it may
 * answer. Translators stand on one side of it, workers on the other.
 */
@NullMarked
package io.jvswitch.datapath.translate;

import org.jspecify.annotations.NullMarked;
