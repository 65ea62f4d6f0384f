/** Benchmarks of the module {@code wire}. */
@NullMarked
package io.jvswitch.bench.wire;

import org.jspecify.annotations.NullMarked;
