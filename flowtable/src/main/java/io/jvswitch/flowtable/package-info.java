/** Flow keys and masks, exact-match cache, megaflow classifier, MAC table. */
@NullMarked
package io.jvswitch.flowtable;

import org.jspecify.annotations.NullMarked;
