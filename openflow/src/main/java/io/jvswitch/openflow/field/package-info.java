/** Fields as extensible matches and actions name them, their values, and parts of them. */
@NullMarked
package io.jvswitch.openflow.field;

import org.jspecify.annotations.NullMarked;
