/** Ports and their queues. */
@NullMarked
package io.jvswitch.openflow.message.port;

import org.jspecify.annotations.NullMarked;
