/** ARP and IPv6 neighbour-discovery responders. */
@NullMarked
package io.jvswitch.arp;

import org.jspecify.annotations.NullMarked;
