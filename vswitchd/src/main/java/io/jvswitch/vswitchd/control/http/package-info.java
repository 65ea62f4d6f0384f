/**
 * The control socket: HTTP on a Unix domain socket, with JSON or text for bodies, its server and its client. The only
 * package that knows HTTP.
 */
@NullMarked
package io.jvswitch.vswitchd.control.http;

import org.jspecify.annotations.NullMarked;
