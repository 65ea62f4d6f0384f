/** The client of an OVSDB server: a copy of some tables that follows the server's, the lock, and transactions. */
@NullMarked
package io.jvswitch.ovsdb.client;

import org.jspecify.annotations.NullMarked;
