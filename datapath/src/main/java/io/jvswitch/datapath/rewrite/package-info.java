/** Writing to the headers of frames, checksums included: what actions do to a frame's bytes. */
@NullMarked
package io.jvswitch.datapath.rewrite;

import org.jspecify.annotations.NullMarked;
