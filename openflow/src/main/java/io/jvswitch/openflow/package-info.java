/**
 * What all of the codec stands on: versions, errors, and bytes in the order of a message.
 */
@NullMarked
package io.jvswitch.openflow;

import org.jspecify.annotations.NullMarked;
