/**
 * Bytes on the wire: addresses, byte order, and the frame with its pool. Everything above builds on this
 * module; it depends on the JDK only.
 */
@NullMarked
package io.jvswitch.wire;

import org.jspecify.annotations.NullMarked;
