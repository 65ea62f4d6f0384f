/** What the flow table costs: extraction, look-ups, insertion, memory, pauses, and the peers beside them. */
@NullMarked
package io.jvswitch.bench.flowtable;

import org.jspecify.annotations.NullMarked;
