/** The server that {@code ovs-appctl} talks to. */
@NullMarked
package io.jvswitch.ovsdb.unixctl;

import org.jspecify.annotations.NullMarked;
