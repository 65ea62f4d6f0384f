/** The whole pipeline of a worker, over ports without devices. */
@NullMarked
package io.jvswitch.bench.datapath;

import org.jspecify.annotations.NullMarked;
