/** What keeps packets below the MTU of a tunnel: ICMP errors that are sent and those that are read, and TCP's MSS. */
@NullMarked
package io.jvswitch.encap.mtu;

import org.jspecify.annotations.NullMarked;
