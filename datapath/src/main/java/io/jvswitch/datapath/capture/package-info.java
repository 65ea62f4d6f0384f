/** Captures: copies of the frames that pass a port, from the workers to whoever reads them. */
@NullMarked
package io.jvswitch.datapath.capture;

import org.jspecify.annotations.NullMarked;
