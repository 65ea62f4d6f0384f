/** Bonds: several devices that are one port of a bridge. */
@NullMarked
package io.jvswitch.datapath.normal.bond;

import org.jspecify.annotations.NullMarked;
