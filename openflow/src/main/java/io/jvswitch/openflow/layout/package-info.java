/**
 * Layouts: what stands where in a message, defined once for all versions of OpenFlow, from which both reading and
 * writing follow.
 */
@NullMarked
package io.jvswitch.openflow.layout;

import org.jspecify.annotations.NullMarked;
