package io.jvswitch.flowtable.key;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.SnapHeader;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** {@link FlowExtractor}'s long way: the Ethernet header, tags, and what the EtherType announces. */
final class EthernetExtractor {

    /** How many priority tags behind the second tag, and SNAP headers, are looked through: more than anybody sends. */
    private static final int MAX_LAYERS = 8;
    /** Size of a type or length field. */
    private static final int TYPE_BYTES = 2;

    private EthernetExtractor() {}

    static @Nullable DropReason read(Frame frame, FlowKey key) {
        MemorySegment seg = frame.segment();
        long[] words = key.words;
        int at = frame.start();
        int end = frame.end();
        DropReason reason = EthernetHeader.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        FlowExtractor.readMetadata(frame, key);
        long present = key.present | FlowLayout.ETHERNET_WORDS;
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        int type = NetworkOrder.getU16(seg, typeAt);
        long tci = 0;
        if (VlanTag.isTpid(type)) {
            reason = VlanTag.check(seg, typeAt, end - typeAt);
            if (reason != null) {
                return reason;
            }
            tci = VlanTag.tci(seg, typeAt) | FlowField.VLAN_PRESENT;
            long tags = (long) type << FlowLayout.VLAN_TPID_SHIFT;
            type = VlanTag.type(seg, typeAt);
            typeAt += VlanTag.BYTES;
            if (VlanTag.isTpid(type)) {
                reason = VlanTag.check(seg, typeAt, end - typeAt);
                if (reason != null) {
                    return reason;
                }
                long innerTci = VlanTag.tci(seg, typeAt) | FlowField.VLAN_PRESENT;
                tags |= innerTci << FlowLayout.VLAN_TCI_INNER_SHIFT | (long) type << FlowLayout.VLAN_TPID_INNER_SHIFT;
                type = VlanTag.type(seg, typeAt);
                typeAt += VlanTag.BYTES;
            }
            words[FlowLayout.TAGS_WORD] = tags;
            present |= FlowLayout.TAGS_WORDS;
        }
        int layers = 0;
        while (VlanTag.isTpid(type) || type < EtherType.MINIMUM) {
            if (++layers > MAX_LAYERS) {
                return DropReason.VLAN_TOO_DEEP;
            }
            if (type < EtherType.MINIMUM) {
                int inner = SnapHeader.type(seg, typeAt + (long) TYPE_BYTES, end);
                if (inner == SnapHeader.NONE) {
                    type = FlowField.ETH_TYPE_NONE;
                    break;
                }
                type = inner;
                typeAt += SnapHeader.BYTES;
            } else {
                reason = VlanTag.check(seg, typeAt, end - typeAt);
                if (reason != null) {
                    return reason;
                }
                if (VlanTag.vid(seg, typeAt) != 0) {
                    break;
                }
                type = VlanTag.type(seg, typeAt);
                typeAt += VlanTag.BYTES;
            }
        }
        long destination = EthernetHeader.destination(seg, at);
        long source = EthernetHeader.source(seg, at);
        words[FlowLayout.DESTINATION_WORD] =
                destination << FlowLayout.ETH_DST_SHIFT | (long) type << FlowLayout.ETH_TYPE_SHIFT;
        words[FlowLayout.SOURCE_WORD] = source << FlowLayout.ETH_SRC_SHIFT | tci << FlowLayout.VLAN_TCI_SHIFT;
        key.present = present;
        reason = readPayload(frame, key, seg, type, typeAt + TYPE_BYTES, end);
        if (words[FlowLayout.FLAGS_WORD] != 0) {
            key.present |= FlowLayout.FLAGS_WORDS;
        }
        return reason;
    }

    /** What {@link FlowExtractor#extractPacket} reads. */
    static @Nullable DropReason readPacket(Frame frame, FlowKey key) {
        int type = frame.packetType();
        int at = frame.start();
        FlowExtractor.readMetadata(frame, key);
        key.present |= FlowLayout.ETHERNET_WORDS;
        key.words[FlowLayout.DESTINATION_WORD] = 0;
        key.words[FlowLayout.SOURCE_WORD] = 0;
        key.set(FlowField.ETH_TYPE, type);
        key.set(FlowField.PACKET_TYPE, FlowField.PACKET_TYPE_WITHOUT_ETHERNET | type);
        DropReason reason = readPayload(frame, key, frame.segment(), type, at, frame.end());
        if (key.words[FlowLayout.FLAGS_WORD] != 0) {
            key.present |= FlowLayout.FLAGS_WORDS;
        }
        return reason;
    }

    private static @Nullable DropReason readPayload(
            Frame frame, FlowKey key, MemorySegment seg, int type, int l3At, int end) {
        return switch (type) {
            case EtherType.IPV4 -> IpExtractor.readIpv4(frame, key, seg, l3At, end);
            case EtherType.IPV6 -> IpExtractor.readIpv6(frame, key, seg, l3At, end);
            case EtherType.ARP -> {
                frame.setFlowHash(FlowHash.ofEthernet(key.ethDst(), key.ethSrc(), type));
                yield IpExtractor.readArp(frame, key, seg, l3At, end);
            }
            default -> {
                frame.setFlowHash(FlowHash.ofEthernet(key.ethDst(), key.ethSrc(), type));
                frame.setLayers(0, 0);
                readShim(key, seg, type, l3At, end);
                yield null;
            }
        };
    }

    private static void readShim(FlowKey key, MemorySegment seg, int type, int at, int end) {
        switch (type) {
            case EtherType.MPLS_UNICAST, EtherType.MPLS_MULTICAST -> ShimExtractor.readMpls(key, seg, at, end);
            case EtherType.NSH -> ShimExtractor.readNsh(key, seg, at, end);
            case ShimExtractor.ETHER_TYPE_PBB -> ShimExtractor.readPbb(key, seg, at, end);
            default -> {}
        }
    }
}
