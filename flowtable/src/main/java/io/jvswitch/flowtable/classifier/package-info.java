/** The priority classifier: rules with versions, as OpenFlow tables need them. */
@NullMarked
package io.jvswitch.flowtable.classifier;

import org.jspecify.annotations.NullMarked;
