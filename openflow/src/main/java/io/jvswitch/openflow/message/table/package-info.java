/** Flow tables. */
@NullMarked
package io.jvswitch.openflow.message.table;

import org.jspecify.annotations.NullMarked;
