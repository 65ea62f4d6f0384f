/** Flows, and what is told of them. */
@NullMarked
package io.jvswitch.openflow.message.flow;

import org.jspecify.annotations.NullMarked;
