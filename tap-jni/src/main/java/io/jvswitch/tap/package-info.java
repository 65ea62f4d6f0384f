/** The native library and the ports built on it: TAP, UDP, raw IP. */
@NullMarked
package io.jvswitch.tap;

import org.jspecify.annotations.NullMarked;
