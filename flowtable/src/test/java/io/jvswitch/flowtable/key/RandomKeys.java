package io.jvswitch.flowtable.key;

import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Random keys, masks and translations whose values come from small sets, so that they meet. */
public final class RandomKeys {

    private static final FlowField[] FIELDS = FlowField.values();
    private static final FlowField[] FRAME_FIELDS = Arrays.stream(FIELDS)
            .filter(field -> field.region() == FlowField.Region.FRAME)
            .toArray(FlowField[]::new);
    private static final FlowField[] RARE_FIELDS = {
        FlowField.MPLS_LABEL,
        FlowField.MPLS_LSE_2,
        FlowField.NSH_SI,
        FlowField.NSH_C3,
        FlowField.PBB_ISID,
        FlowField.DP_HASH,
        FlowField.PACKET_TYPE,
        FlowField.TUNNEL_TTL,
        FlowField.CT_IP_SRC,
        FlowField.CT_L4_DST,
        FlowField.IPV6_EXTHDR,
        FlowField.TUNNEL_OPTIONS_0,
        FlowField.TUNNEL_OPTIONS_9,
    };
    private static final int[] PROTOCOLS = {6, 6, 6, 17, 17, 17, 132, IpProtocol.ICMP};
    private static final int[] FRAGMENTS = {
        FlowField.FRAG_NONE, FlowField.FRAG_NONE, FlowField.FRAG_NONE, FlowField.FRAG_FIRST, FlowField.FRAG_LATER
    };

    private final RandomGenerator random;

    public RandomKeys(RandomGenerator random) {
        this.random = random;
    }

    /** A key as the extractor could have made it: IPv4 addresses are mapped, an IPv4 key has nothing of IPv6. */
    public FlowKey key() {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, random.nextInt(1, 4));
        key.set(FlowField.ETH_DST, mac());
        key.set(FlowField.ETH_SRC, mac());
        if (random.nextInt(3) == 0) {
            key.set(FlowField.VLAN_TCI, 0x1000 | random.nextInt(3));
            key.set(FlowField.VLAN_TPID, EtherType.VLAN);
            if (random.nextBoolean()) {
                key.set(FlowField.VLAN_TCI_INNER, 0x1000 | random.nextInt(3));
                key.set(FlowField.VLAN_TPID_INNER, random.nextBoolean() ? EtherType.VLAN : 0x88a8);
            }
        }
        if (random.nextInt(4) == 0) {
            key.set(FlowField.TUNNEL_ID, random.nextInt(1, 3));
            key.set(FlowField.TUNNEL_FLAGS, 1);
            key.set(FlowField.TUNNEL_SRC, address4());
            key.set(FlowField.TUNNEL_DST, random.nextInt(2), address4());
        }
        if (random.nextInt(3) == 0) {
            key.set(FlowField.RECIRC_ID, random.nextInt(3));
            key.set(FlowField.CT_STATE, random.nextInt(3));
            key.set(FlowField.CT_ZONE, random.nextInt(3));
            key.set(FlowField.CT_MARK, random.nextInt(3));
            key.set(FlowField.CT_LABEL, random.nextInt(2), random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            key.set(RARE_FIELDS[random.nextInt(RARE_FIELDS.length)], random.nextInt(3));
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                key.set(FlowField.ETH_TYPE, EtherType.ARP);
                key.set(FlowField.IP_SRC, address4());
                key.set(FlowField.IP_DST, address4());
                key.set(FlowField.IP_PROTO, random.nextInt(1, 3));
                key.set(FlowField.ARP_SHA, mac());
                key.set(FlowField.ARP_THA, mac());
            }
            case 1 -> {
                key.set(FlowField.ETH_TYPE, EtherType.IPV6);
                key.set(FlowField.IP_SRC, 0x2001_0db8_0000_0000L, random.nextLong() & 0x8000_0000_0000_0003L);
                key.set(FlowField.IP_DST, 0x2001_0db8_0000_0000L + random.nextInt(2), random.nextInt(4));
                key.set(FlowField.IPV6_LABEL, random.nextInt(3));
                transport(key);
                if (random.nextInt(4) == 0) {
                    key.set(FlowField.IP_PROTO, IpProtocol.ICMPV6);
                    key.set(FlowField.TCP_FLAGS, 0);
                    key.set(FlowField.ND_TARGET, 0x2001_0db8_0000_0000L + random.nextInt(2), random.nextInt(3));
                    key.set(FlowField.ARP_SHA, mac());
                    key.set(FlowField.ARP_THA, mac());
                }
            }
            default -> {
                key.set(FlowField.ETH_TYPE, EtherType.IPV4);
                key.set(FlowField.IP_SRC, address4());
                key.set(FlowField.IP_DST, address4());
                transport(key);
            }
        }
        return key;
    }

    private void transport(FlowKey key) {
        key.set(FlowField.IP_PROTO, PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
        key.set(FlowField.IP_TOS, random.nextInt(3));
        key.set(FlowField.IP_FRAG, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        key.set(FlowField.IP_TTL, 64 - random.nextInt(2));
        key.set(FlowField.L4_SRC, random.nextInt(4));
        key.set(FlowField.L4_DST, random.nextInt(4));
        if (key.ipProto() == 6) {
            key.set(FlowField.TCP_FLAGS, random.nextInt(0x20));
        }
    }

    private long mac() {
        return 0x0200_0000_0000L + random.nextInt(4);
    }

    private long address4() {
        return 0xffff_0a00_0000L | (long) random.nextInt(4) << 16 | random.nextInt(4);
    }

    /** A mask over one to four fields, some of them in part. */
    public FlowMask mask() {
        FlowMask mask = new FlowMask();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            FlowField field = FIELDS[random.nextInt(FIELDS.length)];
            switch (random.nextInt(3)) {
                case 0 -> mask.exact(field);
                case 1 -> mask.prefix(field, random.nextInt(field.bits() + 1));
                default -> mask.bits(field, random.nextLong(), random.nextLong());
            }
        }
        return mask;
    }

    /** A mask that parts the keys that {@link #key()} makes. */
    public FlowMask usefulMask() {
        FlowMask mask = new FlowMask();
        if (random.nextInt(2) == 0) {
            mask.exact(FlowField.IN_PORT);
        }
        if (random.nextInt(3) == 0) {
            mask.exact(random.nextBoolean() ? FlowField.ETH_DST : FlowField.ETH_SRC);
        }
        if (random.nextInt(2) == 0) {
            mask.exact(FlowField.ETH_TYPE);
            switch (random.nextInt(4)) {
                case 0 -> mask.prefix(FlowField.IP_DST, random.nextInt(96, 129));
                case 1 -> mask.prefix(FlowField.IP_SRC, random.nextInt(0, 129));
                case 2 -> mask.exact(FlowField.IP_PROTO).exact(FlowField.L4_DST);
                default ->
                    mask.exact(FlowField.IP_DST).exact(FlowField.IP_PROTO).prefix(FlowField.L4_SRC, 15);
            }
        }
        if (random.nextInt(5) == 0) {
            mask.exact(FlowField.TUNNEL_ID);
        }
        if (random.nextInt(4) == 0) {
            mask.exact(FRAME_FIELDS[random.nextInt(FRAME_FIELDS.length)]);
        }
        return mask;
    }

    /**
     * Any key that agrees with another in what a mask looks at, and in nothing else but by chance: one that rules may
     * meet. What only translations know is as in the other, for frames do not bring it.
     */
    public FlowKey agreeing(FlowKey key, FlowMask looked) {
        FlowKey other = random.nextBoolean() ? key() : new FlowKey();
        boolean anything = other.present == 0;
        for (int i = 0; i < FlowLayout.WORDS; i++) {
            long free = anything ? random.nextLong() : other.words[i];
            long bits = i < FlowLayout.HIGH_WORDS && (FlowLayout.PIPELINE_WORDS >>> i & 1) != 0 ? -1L : looked.words[i];
            other.setWord(i, key.words[i] & bits | free & ~bits);
        }
        return other;
    }

    /**
     * As {@link #agreeing}, and one that the extractor could have made: with IPv4 and ARP the addresses' high halves
     * are 0.
     */
    public FlowKey agreeingFrame(FlowKey key, FlowMask looked) {
        FlowKey other = agreeing(key, looked);
        int source = FlowLayout.IP_SRC_HI_WORD;
        int destination = FlowLayout.IP_DST_HI_WORD;
        if (isIpv4(other)
                && (key.words[source] & looked.words[source] | key.words[destination] & looked.words[destination])
                        != 0) {
            other.set(FlowField.ETH_TYPE, key.ethType());
        }
        if (isIpv4(other)) {
            other.words[source] = 0;
            other.words[destination] = 0;
        }
        return other;
    }

    private static boolean isIpv4(FlowKey key) {
        return key.ethType() == EtherType.IPV4 || key.ethType() == EtherType.ARP;
    }
}
