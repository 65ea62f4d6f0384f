/** Headers of tunnels: VXLAN, GRE and Geneve. */
@NullMarked
package io.jvswitch.wire.tunnel;

import org.jspecify.annotations.NullMarked;
