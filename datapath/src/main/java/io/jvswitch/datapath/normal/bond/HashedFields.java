package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;

/**
 * Balancing by fields that the translation reads, as Open vSwitch does it on a data path without recirculation: each
 * connection is a megaflow of its own. Both directions have the same hash. What is not IP goes by one member.
 */
public final class HashedFields implements FlowBalancing {

    public static final HashedFields INSTANCE = new HashedFields();

    private HashedFields() {}

    @Override
    public void output(Translation translation, Bond bond, int vid) {
        translation.output(bond.member(translation.snapshot(), hash(translation.key())));
    }

    private static long hash(FlowReader key) {
        int type = (int) key.get(FlowField.ETH_TYPE);
        if (type != EtherType.IPV4 && type != EtherType.IPV6) {
            return 0;
        }
        int protocol = (int) key.get(FlowField.IP_PROTO);
        long hash = protocol ^ key.get(FlowField.IP_SRC) ^ key.get(FlowField.IP_DST);
        if (type == EtherType.IPV6) {
            hash ^= Long.rotateLeft(key.getHi(FlowField.IP_SRC) ^ key.getHi(FlowField.IP_DST), 32);
        }
        if (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP) {
            hash ^= (key.get(FlowField.L4_SRC) ^ key.get(FlowField.L4_DST)) << 40;
        }
        return hash;
    }
}
