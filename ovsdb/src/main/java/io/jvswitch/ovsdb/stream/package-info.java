/**
 * Connections as Open vSwitch names them ({@code unix:}, {@code tcp:}, {@code ssl:}), and the thread that moves their
 * bytes.
 */
@NullMarked
package io.jvswitch.ovsdb.stream;

import org.jspecify.annotations.NullMarked;
