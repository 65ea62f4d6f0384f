package io.jvswitch.flowtable.key;

/**
 * {@link FlowField}'s words and shifts as constants of the compiler, for the code that every frame passes: HotSpot
 * folds static final numbers, but not what it would have to read from an enum's object.
 *
 * <p>Each is taken from the table of fields. What the hot path assumes beyond it (which fields share a word, and in
 * which order) is held by {@code FlowLayoutTest}.
 */
public final class FlowLayout {

    /** Where words beyond those of {@link FlowKey#present} begin. */
    static final int HIGH_WORDS = Long.SIZE;

    // The words of what most frames are, see isUsual in PackedMask.
    public static final int PORT_WORD = FlowField.IN_PORT.word;
    public static final int DESTINATION_WORD = FlowField.ETH_DST.word;
    public static final int SOURCE_WORD = FlowField.ETH_SRC.word;
    public static final int TRANSPORT_WORD = FlowField.L4_DST.word;
    public static final int IP_SRC_WORD = FlowField.IP_SRC.word;
    public static final int IP_DST_WORD = FlowField.IP_DST.word;

    static final int IP_SRC_HI_WORD = IP_SRC_WORD - 1;
    static final int IP_DST_HI_WORD = IP_DST_WORD - 1;
    static final int TAGS_WORD = FlowField.VLAN_TPID.word;
    static final int FLAGS_WORD = FlowField.TCP_FLAGS.word;
    static final int SHA_WORD = FlowField.ARP_SHA.word;
    static final int THA_WORD = FlowField.ARP_THA.word;
    static final int ND_TARGET_WORD = FlowField.ND_TARGET.word;
    static final int ND_TARGET_HI_WORD = ND_TARGET_WORD - 1;
    static final int ND_WORD = FlowField.ND_RESERVED.word;
    static final int PBB_WORD = FlowField.PBB_ISID.word;
    static final int MPLS_WORD = FlowField.MPLS_LABEL.word;
    static final int MPLS_THIRD_WORD = FlowField.MPLS_LSE_2.word;
    static final int NSH_WORD = FlowField.NSH_FLAGS.word;
    static final int NSH_C1_WORD = FlowField.NSH_C1.word;
    static final int NSH_C3_WORD = FlowField.NSH_C3.word;
    static final int TUNNEL_ID_WORD = FlowField.TUNNEL_ID.word;
    static final int TUNNEL_SRC_WORD = FlowField.TUNNEL_SRC.word;
    static final int TUNNEL_SRC_HI_WORD = TUNNEL_SRC_WORD - 1;
    static final int TUNNEL_DST_WORD = FlowField.TUNNEL_DST.word;
    static final int TUNNEL_DST_HI_WORD = TUNNEL_DST_WORD - 1;

    static final int TUNNEL_OUTER_WORD = FlowField.TUNNEL_TTL.word;

    static final int IN_PORT_SHIFT = FlowField.IN_PORT.shift;
    static final int RECIRC_ID_SHIFT = FlowField.RECIRC_ID.shift;
    static final int ETH_DST_SHIFT = FlowField.ETH_DST.shift;
    static final int ETH_TYPE_SHIFT = FlowField.ETH_TYPE.shift;
    static final int ETH_SRC_SHIFT = FlowField.ETH_SRC.shift;
    static final int VLAN_TCI_SHIFT = FlowField.VLAN_TCI.shift;
    static final int VLAN_TPID_SHIFT = FlowField.VLAN_TPID.shift;
    static final int VLAN_TCI_INNER_SHIFT = FlowField.VLAN_TCI_INNER.shift;
    static final int VLAN_TPID_INNER_SHIFT = FlowField.VLAN_TPID_INNER.shift;
    static final int PROTO_SHIFT = FlowField.IP_PROTO.shift;
    static final int TOS_SHIFT = FlowField.IP_TOS.shift;
    static final int TTL_SHIFT = FlowField.IP_TTL.shift;
    static final int FRAG_SHIFT = FlowField.IP_FRAG.shift;
    static final int L4_SRC_SHIFT = FlowField.L4_SRC.shift;
    static final int L4_DST_SHIFT = FlowField.L4_DST.shift;
    static final int TCP_FLAGS_SHIFT = FlowField.TCP_FLAGS.shift;
    static final int TUNNEL_FLAGS_SHIFT = FlowField.TUNNEL_FLAGS.shift;
    static final int TUNNEL_TTL_SHIFT = FlowField.TUNNEL_TTL.shift;
    static final int TUNNEL_TOS_SHIFT = FlowField.TUNNEL_TOS.shift;
    static final int TUNNEL_GBP_ID_SHIFT = FlowField.TUNNEL_GBP_ID.shift;
    static final int TUNNEL_GBP_FLAGS_SHIFT = FlowField.TUNNEL_GBP_FLAGS.shift;
    static final int EXTHDR_SHIFT = FlowField.IPV6_EXTHDR.shift;
    static final int LABEL_SHIFT = FlowField.IPV6_LABEL.shift;
    static final int ARP_SHA_SHIFT = FlowField.ARP_SHA.shift;
    static final int ARP_THA_SHIFT = FlowField.ARP_THA.shift;
    static final int ND_RESERVED_SHIFT = FlowField.ND_RESERVED.shift;
    static final int ND_OPTIONS_TYPE_SHIFT = FlowField.ND_OPTIONS_TYPE.shift;
    static final int PBB_ISID_SHIFT = FlowField.PBB_ISID.shift;
    /** Of the whole first label stack entry, whose last field the time to live is. */
    static final int MPLS_LSE_0_SHIFT = FlowField.MPLS_TTL.shift;

    static final int MPLS_LSE_1_SHIFT = FlowField.MPLS_LSE_1.shift;
    static final int MPLS_LSE_2_SHIFT = FlowField.MPLS_LSE_2.shift;
    static final int NSH_FLAGS_SHIFT = FlowField.NSH_FLAGS.shift;
    static final int NSH_TTL_SHIFT = FlowField.NSH_TTL.shift;
    static final int NSH_MDTYPE_SHIFT = FlowField.NSH_MDTYPE.shift;
    static final int NSH_NP_SHIFT = FlowField.NSH_NP.shift;
    static final int NSH_SPI_SHIFT = FlowField.NSH_SPI.shift;
    static final int NSH_SI_SHIFT = FlowField.NSH_SI.shift;
    static final int NSH_C1_SHIFT = FlowField.NSH_C1.shift;
    static final int NSH_C2_SHIFT = FlowField.NSH_C2.shift;
    static final int NSH_C3_SHIFT = FlowField.NSH_C3.shift;
    static final int NSH_C4_SHIFT = FlowField.NSH_C4.shift;

    /** How many words a key's array has: more than there are fields for, see {@link #HIGH_WORDS}. */
    static final int WORDS = words();

    /** Presence bits of the words that only translations know ({@link FlowField.Region#PIPELINE}). */
    public static final long PIPELINE_WORDS = wordsOf(FlowField.Region.PIPELINE);

    /** Presence bits of the words that a frame may bring, without tunnel options. */
    static final long FRAME_WORDS = wordsOf(FlowField.Region.FRAME);

    static final long ETHERNET_WORDS = bits(PORT_WORD, DESTINATION_WORD, SOURCE_WORD);
    static final long TAGS_WORDS = bits(TAGS_WORD);
    static final long FLAGS_WORDS = bits(FLAGS_WORD);
    static final long TUNNEL_WORDS = bits(
            TUNNEL_ID_WORD,
            TUNNEL_SRC_HI_WORD,
            TUNNEL_SRC_WORD,
            TUNNEL_DST_HI_WORD,
            TUNNEL_DST_WORD,
            TUNNEL_OUTER_WORD);
    static final long IPV4_WORDS = bits(TRANSPORT_WORD, IP_SRC_WORD, IP_DST_WORD);
    static final long IPV6_WORDS = IPV4_WORDS | bits(IP_SRC_HI_WORD, IP_DST_HI_WORD);
    /** Words that are 0 with IPv4: the high halves of the addresses. */
    static final long IPV4_ZERO_WORDS = IPV6_WORDS & ~IPV4_WORDS;

    static final long HARDWARE_ADDRESS_WORDS = bits(SHA_WORD, THA_WORD);
    static final long ARP_WORDS = IPV4_WORDS | HARDWARE_ADDRESS_WORDS;
    static final long ND_TARGET_WORDS = bits(ND_TARGET_HI_WORD, ND_TARGET_WORD);
    static final long ND_WORDS = bits(ND_WORD);
    static final long PBB_WORDS = bits(PBB_WORD);
    static final long MPLS_WORDS = bits(MPLS_WORD, MPLS_THIRD_WORD);
    static final long NSH_WORDS = bits(NSH_WORD);
    static final long NSH_CONTEXT_WORDS = bits(NSH_C1_WORD, NSH_C3_WORD);

    /** The words of TCP and UDP over IPv4. */
    static final long USUAL_WORDS = ETHERNET_WORDS | IPV4_WORDS;

    private FlowLayout() {}

    /** {@link FlowField#ETH_TYPE}, or a mask's bits of it, in its word. */
    public static long ethType(long destinationWord) {
        return destinationWord >>> ETH_TYPE_SHIFT & FlowField.ETH_TYPE.ones;
    }

    private static long bits(int... words) {
        long map = 0;
        for (int word : words) {
            map |= 1L << word;
        }
        return map;
    }

    private static int words() {
        int last = 0;
        for (FlowField field : FlowField.values()) {
            last = Math.max(last, field.word);
        }
        return last + 1;
    }

    /** Presence bits of a region's words among the first 64. */
    private static long wordsOf(FlowField.Region region) {
        long map = 0;
        for (FlowField field : FlowField.values()) {
            if (field.region() == region && field.word < HIGH_WORDS) {
                map |= 1L << field.word | (field.isWide() ? 1L << field.word - 1 : 0);
            }
        }
        return map;
    }
}
