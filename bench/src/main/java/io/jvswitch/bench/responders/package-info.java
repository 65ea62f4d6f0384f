/** What the switch answers itself: ARP, neighbour discovery, DHCP. */
@NullMarked
package io.jvswitch.bench.responders;

import org.jspecify.annotations.NullMarked;
