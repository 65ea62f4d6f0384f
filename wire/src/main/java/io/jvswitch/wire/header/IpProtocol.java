package io.jvswitch.wire.header;

/** Protocol numbers of the IPv4 protocol and IPv6 next-header fields (IANA, Assigned Internet Protocol Numbers). */
public final class IpProtocol {

    /** IPv6 hop-by-hop options (RFC 8200, section 4.3); only directly after the fixed header. */
    public static final int HOP_BY_HOP = 0;

    public static final int ICMP = 1;
    public static final int IGMP = 2;
    /** IPv4 in IP. */
    public static final int IPV4 = 4;

    public static final int TCP = 6;
    public static final int UDP = 17;
    /** IPv6 in IP. */
    public static final int IPV6 = 41;
    /** IPv6 routing header (RFC 8200, section 4.4). */
    public static final int ROUTING = 43;
    /** IPv6 fragment header (RFC 8200, section 4.5). */
    public static final int FRAGMENT = 44;

    public static final int GRE = 47;
    public static final int ESP = 50;
    /** Authentication header (RFC 4302). */
    public static final int AH = 51;

    public static final int ICMPV6 = 58;
    /** Nothing follows (RFC 8200, section 4.7). */
    public static final int NO_NEXT_HEADER = 59;
    /** IPv6 destination options (RFC 8200, section 4.6). */
    public static final int DESTINATION_OPTIONS = 60;

    public static final int SCTP = 132;
    /** Mobility header (RFC 6275). */
    public static final int MOBILITY = 135;

    public static final int UDP_LITE = 136;
    /** Host identity protocol (RFC 7401). */
    public static final int HIP = 139;
    /** Shim6 (RFC 5533). */
    public static final int SHIM6 = 140;

    private IpProtocol() {}
}
