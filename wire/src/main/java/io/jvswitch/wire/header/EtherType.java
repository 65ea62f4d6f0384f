package io.jvswitch.wire.header;

/**
 * EtherType numbers (IEEE 802 Numbers registry of IANA), as found in {@link EthernetHeader#type} and after a VLAN tag.
 */
public final class EtherType {

    /** The smallest EtherType; smaller values are an IEEE 802.3 length. */
    public static final int MINIMUM = 0x0600;

    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    /** Reverse ARP (RFC 903). */
    public static final int RARP = 0x8035;
    /** Ethernet in GRE or Geneve ("transparent Ethernet bridging", RFC 1701). */
    public static final int TRANSPARENT_ETHERNET = 0x6558;
    /** Customer VLAN tag (IEEE 802.1Q). */
    public static final int VLAN = 0x8100;

    public static final int IPV6 = 0x86dd;
    public static final int MPLS_UNICAST = 0x8847;
    public static final int MPLS_MULTICAST = 0x8848;
    /** Service VLAN tag (IEEE 802.1ad, "QinQ"). */
    public static final int SERVICE_VLAN = 0x88a8;

    public static final int LLDP = 0x88cc;
    /** Network service header (RFC 8300). */
    public static final int NSH = 0x894f;

    private EtherType() {}
}
