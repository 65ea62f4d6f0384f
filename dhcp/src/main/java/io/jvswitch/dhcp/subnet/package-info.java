/** What is served on a network: addresses, options, boot files; and how options are written. */
@NullMarked
package io.jvswitch.dhcp.subnet;

import org.jspecify.annotations.NullMarked;
