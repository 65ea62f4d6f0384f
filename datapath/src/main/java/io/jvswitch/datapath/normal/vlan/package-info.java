/** What VLAN tags mean on a port, and which tags a frame has inside a network and where it leaves. */
@NullMarked
package io.jvswitch.datapath.normal.vlan;

import org.jspecify.annotations.NullMarked;
