package io.jvswitch.vswitchd.plan;

import io.jvswitch.wire.IpAddress;

/**
 * A static route told by DHCP (RFC 3442).
 *
 * @param to destination
 * @param via next hop; 0.0.0.0 means on-link
 */
public record RouteSpec(IpPrefix to, IpAddress via) {}
