/**
 * Bridges as Open vSwitch has them, while they run: which interfaces are theirs and by which OpenFlow numbers, what was
 * learnt in them, and what workers get of it. The conductor's.
 */
@NullMarked
package io.jvswitch.vswitchd.conductor.bridge;

import org.jspecify.annotations.NullMarked;
