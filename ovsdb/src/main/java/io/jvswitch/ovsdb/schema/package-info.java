/** A database's schema (RFC 7047, section 3.2): tables, columns, and the types of their values. */
@NullMarked
package io.jvswitch.ovsdb.schema;

import org.jspecify.annotations.NullMarked;
