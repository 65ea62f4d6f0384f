/** Packets on their way to and from a controller. */
@NullMarked
package io.jvswitch.openflow.message.packet;

import org.jspecify.annotations.NullMarked;
