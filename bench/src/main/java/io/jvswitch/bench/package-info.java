/**
 * JMH suites, whole-system benchmarks. {@link io.jvswitch.bench.BenchMain} runs them.
 *
 * <p>JMH benchmarks of a module stand in a package of its name below this one ({@code io.jvswitch.bench.wire}) in
 * classes named {@code …Benchmark}. They state mode and unit ({@code AverageTime}, nanoseconds) and, where one call
 * handles a burst, {@code @OperationsPerInvocation}, so that an operation is a frame. Forks, warm-up and measurement
 * are the runner's.
 */
@NullMarked
package io.jvswitch.bench;

import org.jspecify.annotations.NullMarked;
