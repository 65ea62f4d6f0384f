/** Rows and their typed columns, values and what their changes look like on the wire. */
@NullMarked
package io.jvswitch.ovsdb.row;

import org.jspecify.annotations.NullMarked;
