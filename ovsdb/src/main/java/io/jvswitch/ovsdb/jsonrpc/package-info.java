/**
 * JSON-RPC 1.0 as OVSDB and {@code ovs-appctl} speak it: objects back to back on a stream; the session that reconnects.
 */
@NullMarked
package io.jvswitch.ovsdb.jsonrpc;

import org.jspecify.annotations.NullMarked;
