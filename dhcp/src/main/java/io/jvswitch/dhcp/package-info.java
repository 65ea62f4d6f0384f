/** DHCP responder and leases. */
@NullMarked
package io.jvswitch.dhcp;

import org.jspecify.annotations.NullMarked;
