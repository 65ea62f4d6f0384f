/** What moves frames: the duty cycle, the pipeline, the executor of actions, tunnels, counters. */
@NullMarked
package io.jvswitch.datapath.worker;

import org.jspecify.annotations.NullMarked;
