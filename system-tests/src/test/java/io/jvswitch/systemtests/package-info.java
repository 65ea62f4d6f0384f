/**
 * The daemon as users run it, on real devices, against peers that others wrote: Linux's own VXLAN device, Open vSwitch,
 * udhcpc, dhclient; tcpdump judges what is on the underlay.
 *
 * <p>{@link Hypervisor} is a host with a jvswitch, {@link Guest} a VM on it, {@link LinuxVtep} and {@link OpenVswitch}
 * are far ends. Each makes network namespaces and files of its own, so that two runs at once do not meet.
 */
@NullMarked
package io.jvswitch.systemtests;

import org.jspecify.annotations.NullMarked;
