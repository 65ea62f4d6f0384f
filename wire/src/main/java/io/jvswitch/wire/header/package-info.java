/** Header views from Ethernet to TCP, and the checksums in them. */
@NullMarked
package io.jvswitch.wire.header;

import org.jspecify.annotations.NullMarked;
