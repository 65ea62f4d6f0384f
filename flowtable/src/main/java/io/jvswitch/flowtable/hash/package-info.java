/** The growing hash directory and the roster of seats that the other tables are built on; for this module only. */
@NullMarked
package io.jvswitch.flowtable.hash;

import org.jspecify.annotations.NullMarked;
