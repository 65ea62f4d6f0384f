package io.jvswitch.flowtable.key;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** {@link FlowExtractor}'s long way: ARP, IPv4 and IPv6. */
final class IpExtractor {

    /** The greatest ARP operation that the key takes, in the place of the IP protocol. */
    private static final int MAX_ARP_OPERATION = 0xff;

    private IpExtractor() {}

    static @Nullable DropReason readArp(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = ArpPacket.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        long[] words = key.words;
        int operation = ArpPacket.operation(seg, at);
        words[FlowLayout.TRANSPORT_WORD] =
                operation > MAX_ARP_OPERATION ? 0 : (long) operation << FlowLayout.PROTO_SHIFT;
        words[FlowLayout.IP_SRC_WORD] = IpAddress.mappedLo(ArpPacket.senderIp(seg, at));
        words[FlowLayout.IP_DST_WORD] = IpAddress.mappedLo(ArpPacket.targetIp(seg, at));
        words[FlowLayout.SHA_WORD] = ArpPacket.senderMac(seg, at) << FlowLayout.ARP_SHA_SHIFT;
        words[FlowLayout.THA_WORD] = ArpPacket.targetMac(seg, at) << FlowLayout.ARP_THA_SHIFT;
        key.present |= FlowLayout.ARP_WORDS;
        frame.setLayers(at, 0);
        return null;
    }

    static @Nullable DropReason readIpv4(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = Ipv4Header.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        int fragment = FlowField.FRAG_NONE;
        if (Ipv4Header.isFragment(seg, at)) {
            reason = Ipv4Header.checkFragment(seg, at);
            if (reason != null) {
                return reason;
            }
            fragment = Ipv4Header.isLaterFragment(seg, at) ? FlowField.FRAG_LATER : FlowField.FRAG_FIRST;
        }
        int protocol = Ipv4Header.protocol(seg, at);
        long[] words = key.words;
        words[FlowLayout.TRANSPORT_WORD] = (long) protocol << FlowLayout.PROTO_SHIFT
                | (long) Ipv4Header.tos(seg, at) << FlowLayout.TOS_SHIFT
                | (long) Ipv4Header.ttl(seg, at) << FlowLayout.TTL_SHIFT
                | (long) fragment << FlowLayout.FRAG_SHIFT;
        words[FlowLayout.IP_SRC_WORD] = IpAddress.mappedLo(Ipv4Header.source(seg, at));
        words[FlowLayout.IP_DST_WORD] = IpAddress.mappedLo(Ipv4Header.destination(seg, at));
        key.present |= FlowLayout.IPV4_WORDS;
        frame.setLayers(at, 0);
        if (fragment != FlowField.FRAG_LATER) {
            int l4At = at + Ipv4Header.headerBytes(seg, at);
            int l4Bytes = at + Ipv4Header.totalLength(seg, at) - l4At;
            reason = protocol == IpProtocol.ICMP
                    ? TransportExtractor.readIcmp(key, seg, l4At, l4Bytes)
                    : TransportExtractor.readTransport(key, seg, l4At, l4Bytes, protocol, fragment);
            if (reason != null) {
                return fragment == FlowField.FRAG_FIRST && TransportExtractor.isCutShort(reason, seg, l4At)
                        ? DropReason.IPV4_TINY_FRAGMENT
                        : reason;
            }
            if (TransportExtractor.hasTransportHeader(protocol) || protocol == IpProtocol.ICMP) {
                frame.setLayers(at, l4At);
            }
        }
        frame.setFlowHash(FlowHash.ofIp(
                0, words[FlowLayout.IP_SRC_WORD], 0, words[FlowLayout.IP_DST_WORD], words[FlowLayout.TRANSPORT_WORD]));
        return null;
    }

    static @Nullable DropReason readIpv6(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = Ipv6Header.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        long walk = Ipv6Extensions.walk(seg, at);
        reason = Ipv6Extensions.failure(walk);
        if (reason != null) {
            return reason;
        }
        int protocol = Ipv6Extensions.protocol(walk);
        int fragment = FlowField.FRAG_NONE;
        if (Ipv6Extensions.isLaterFragment(walk)) {
            // As Open vSwitch has it: what the fragment header names may be one more extension header.
            protocol = IpProtocol.FRAGMENT;
            fragment = FlowField.FRAG_LATER;
        } else if (Ipv6Extensions.moreFragments(walk)) {
            fragment = FlowField.FRAG_FIRST;
        }
        long[] words = key.words;
        words[FlowLayout.TRANSPORT_WORD] = (long) protocol << FlowLayout.PROTO_SHIFT
                | (long) Ipv6Header.trafficClass(seg, at) << FlowLayout.TOS_SHIFT
                | (long) Ipv6Header.hopLimit(seg, at) << FlowLayout.TTL_SHIFT
                | (long) fragment << FlowLayout.FRAG_SHIFT;
        words[FlowLayout.IP_SRC_HI_WORD] = Ipv6Header.sourceHi(seg, at);
        words[FlowLayout.IP_SRC_WORD] = Ipv6Header.sourceLo(seg, at);
        words[FlowLayout.IP_DST_HI_WORD] = Ipv6Header.destinationHi(seg, at);
        words[FlowLayout.IP_DST_WORD] = Ipv6Header.destinationLo(seg, at);
        words[FlowLayout.FLAGS_WORD] |= (long) Ipv6Header.flowLabel(seg, at) << FlowLayout.LABEL_SHIFT;
        if (Ipv6Extensions.transportOffset(walk) != Ipv6Header.BYTES
                || !TransportExtractor.hasTransportHeader(protocol)) {
            words[FlowLayout.FLAGS_WORD] |= (long) ExtensionHeaders.of(seg, at, walk) << FlowLayout.EXTHDR_SHIFT;
        }
        key.present |= FlowLayout.IPV6_WORDS;
        frame.setLayers(at, 0);
        if (fragment != FlowField.FRAG_LATER) {
            int l4At = at + Ipv6Extensions.transportOffset(walk);
            int l4Bytes = at + Ipv6Header.totalBytes(seg, at) - l4At;
            reason = protocol == IpProtocol.ICMPV6
                    ? TransportExtractor.readIcmpv6(key, seg, at, l4At, l4Bytes, Ipv6Extensions.isFragment(walk))
                    : TransportExtractor.readTransport(key, seg, l4At, l4Bytes, protocol, fragment);
            if (reason != null) {
                return fragment == FlowField.FRAG_FIRST && TransportExtractor.isCutShort(reason, seg, l4At)
                        ? DropReason.IPV6_TINY_FRAGMENT
                        : reason;
            }
            if (TransportExtractor.hasTransportHeader(protocol) || protocol == IpProtocol.ICMPV6) {
                frame.setLayers(at, l4At);
            }
        }
        frame.setFlowHash(FlowHash.ofIp(
                words[FlowLayout.IP_SRC_HI_WORD],
                words[FlowLayout.IP_SRC_WORD],
                words[FlowLayout.IP_DST_HI_WORD],
                words[FlowLayout.IP_DST_WORD],
                words[FlowLayout.TRANSPORT_WORD]));
        return null;
    }
}
