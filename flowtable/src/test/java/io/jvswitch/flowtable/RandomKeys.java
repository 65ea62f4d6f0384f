package io.jvswitch.flowtable;

import io.jvswitch.wire.EtherType;
import java.util.random.RandomGenerator;

/** Random keys, masks and translations whose values come from small sets, so that they meet. */
final class RandomKeys {

    private final RandomGenerator random;

    RandomKeys(RandomGenerator random) {
        this.random = random;
    }

    /** A key as the extractor could have made it: IPv4 addresses are mapped, an IPv4 key has nothing of IPv6. */
    FlowKey key() {
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, random.nextInt(1, 4));
        key.set(FlowField.ETH_DST, mac());
        key.set(FlowField.ETH_SRC, mac());
        if (random.nextInt(3) == 0) {
            key.set(FlowField.VLAN_TCI, 0x1000 | random.nextInt(3));
            key.set(FlowField.VLAN_TPID, EtherType.VLAN);
        }
        if (random.nextInt(4) == 0) {
            key.set(FlowField.TUNNEL_ID, random.nextInt(1, 3));
            key.set(FlowField.TUNNEL_FLAGS, 1);
            key.set(FlowField.TUNNEL_SRC, address4());
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                key.set(FlowField.ETH_TYPE, EtherType.ARP);
                key.set(FlowField.IP_SRC, address4());
                key.set(FlowField.IP_DST, address4());
                key.set(FlowField.IP_PROTO, random.nextInt(1, 3));
            }
            case 1 -> {
                key.set(FlowField.ETH_TYPE, EtherType.IPV6);
                key.set(FlowField.IP_SRC, 0x2001_0db8_0000_0000L, random.nextLong() & 0x8000_0000_0000_0003L);
                key.set(FlowField.IP_DST, 0x2001_0db8_0000_0000L + random.nextInt(2), random.nextInt(4));
                transport(key);
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
        key.set(FlowField.IP_PROTO, random.nextBoolean() ? 6 : 17);
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
    FlowMask mask() {
        FlowMask mask = new FlowMask();
        FlowField[] fields = FlowField.values();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            FlowField field = fields[random.nextInt(fields.length)];
            switch (random.nextInt(3)) {
                case 0 -> mask.exact(field);
                case 1 -> mask.prefix(field, random.nextInt(field.bits() + 1));
                default -> mask.bits(field, random.nextLong(), random.nextLong());
            }
        }
        return mask;
    }

    /** A mask that parts the keys that {@link #key()} makes. */
    FlowMask usefulMask() {
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
        return mask;
    }
}
