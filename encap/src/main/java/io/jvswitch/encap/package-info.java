/** Tunnels: VXLAN, GRE and Geneve; what lies inside them, and the MTU that they leave. */
@NullMarked
package io.jvswitch.encap;

import org.jspecify.annotations.NullMarked;
