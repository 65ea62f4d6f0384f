/** Groups. */
@NullMarked
package io.jvswitch.openflow.message.group;

import org.jspecify.annotations.NullMarked;
