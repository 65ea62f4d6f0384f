/** Meters. */
@NullMarked
package io.jvswitch.openflow.message.meter;

import org.jspecify.annotations.NullMarked;
