/** The MAC table (FDB): where stations were learnt. */
@NullMarked
package io.jvswitch.flowtable.mac;

import org.jspecify.annotations.NullMarked;
