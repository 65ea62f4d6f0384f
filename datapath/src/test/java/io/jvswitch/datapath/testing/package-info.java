/**
 * In-memory topologies for tests and benchmarks: ports without devices, a switch without threads, a clock that the test
 * owns.
 */
@NullMarked
package io.jvswitch.datapath.testing;

import org.jspecify.annotations.NullMarked;
