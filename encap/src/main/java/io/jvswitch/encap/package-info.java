/** Tunnels: VXLAN, GRE and Geneve, effective MTU, segmentation. */
@NullMarked
package io.jvswitch.encap;

import org.jspecify.annotations.NullMarked;
