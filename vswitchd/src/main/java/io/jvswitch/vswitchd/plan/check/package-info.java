/**
 * What is wrong with a plan as a whole, each of its values being fine by itself. The same for every source of plans and
 * for every change of a running switch.
 */
@NullMarked
package io.jvswitch.vswitchd.plan.check;

import org.jspecify.annotations.NullMarked;
