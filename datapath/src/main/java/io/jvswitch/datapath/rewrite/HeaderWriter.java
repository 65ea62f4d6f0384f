package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.LinkLayer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a field into the header that the frame has for it: a class for each family of protocols knows where. A frame
 * without such a header stays as it is.
 *
 * <p>Checksums follow by what changed (RFC 1624), so that a wrong one stays wrong. Of a superframe the headers are
 * written once, and every segment is made from them.
 *
 * <p>Stateless; allocates nothing.
 */
final class HeaderWriter {

    private HeaderWriter() {}

    /** Null, or why the frame goes no further. */
    static @Nullable DropReason write(Frame frame, SetField set) {
        switch (set.field()) {
            case ETH_DST, ETH_SRC, VLAN_TCI, VLAN_TCI_INNER -> LinkWriter.write(frame, set);
            case L4_SRC, L4_DST -> {
                return TransportWriter.write(frame, set);
            }
            case MPLS_LABEL, MPLS_TC, MPLS_BOS, MPLS_TTL -> MplsWriter.write(frame, set);
            case NSH_FLAGS, NSH_TTL, NSH_SPI, NSH_SI, NSH_C1, NSH_C2, NSH_C3, NSH_C4 -> NshWriter.write(frame, set);
            case ARP_SHA, ARP_THA, ND_RESERVED, ND_OPTIONS_TYPE, ND_TARGET -> {
                if (networkType(frame) == EtherType.ARP) {
                    ArpWriter.write(frame, set);
                } else {
                    NeighbourWriter.write(frame, set);
                }
            }
            default -> {
                switch (networkType(frame)) {
                    case EtherType.IPV4 -> Ipv4Writer.write(frame, set);
                    case EtherType.IPV6 -> Ipv6Writer.write(frame, set);
                    case EtherType.ARP -> ArpWriter.write(frame, set);
                    default -> {}
                }
            }
        }
        return null;
    }

    /** What is announced as the network header that extraction found, or -1 where it found none. */
    static int networkType(Frame frame) {
        int at = frame.l3At();
        return at == 0 ? -1 : LinkLayer.type(frame, at);
    }
}
