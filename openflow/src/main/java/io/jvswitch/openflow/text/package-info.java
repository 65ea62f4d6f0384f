/** Actions, matches and flows as {@code ovs-ofctl} prints and reads them. */
@NullMarked
package io.jvswitch.openflow.text;

import org.jspecify.annotations.NullMarked;
