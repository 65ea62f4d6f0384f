/** Workers, pipeline, actions, ports and counters. */
@NullMarked
package io.jvswitch.datapath;

import org.jspecify.annotations.NullMarked;
