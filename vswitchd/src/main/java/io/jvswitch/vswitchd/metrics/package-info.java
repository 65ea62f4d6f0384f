/** The switch's views as Prometheus metrics. */
@NullMarked
package io.jvswitch.vswitchd.metrics;

import org.jspecify.annotations.NullMarked;
