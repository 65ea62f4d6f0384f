package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Crc32c;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Writes ports of TCP, UDP and SCTP, type and code of ICMP and ICMPv6, each with the message's checksum. */
final class TransportWriter {

    private TransportWriter() {}

    /** Null, or why the frame goes no further. */
    static @Nullable DropReason write(Frame frame, SetField set) {
        int at = frame.l4At();
        int type = HeaderWriter.networkType(frame);
        if (at == 0 || type != EtherType.IPV4 && type != EtherType.IPV6) {
            return null;
        }
        MemorySegment seg = frame.segment();
        int ipAt = frame.l3At();
        int protocol;
        int end;
        boolean fragment;
        if (type == EtherType.IPV4) {
            protocol = Ipv4Header.protocol(seg, ipAt);
            end = ipAt + Ipv4Header.totalLength(seg, ipAt);
            fragment = Ipv4Header.isFragment(seg, ipAt);
        } else {
            long walk = Ipv6Extensions.walk(seg, ipAt);
            protocol = Ipv6Extensions.protocol(walk);
            end = ipAt + Ipv6Header.totalBytes(seg, ipAt);
            fragment = Ipv6Extensions.moreFragments(walk);
        }
        switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP -> setPort(frame, protocol, set);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> setTypeOrCode(frame, protocol, set);
            case IpProtocol.SCTP -> {
                if (fragment) {
                    return DropReason.SCTP_FRAGMENT;
                }
                setSctpPort(seg, at, end - at, set);
            }
            default -> {}
        }
        return null;
    }

    private static boolean isSource(SetField set) {
        return set.field() == FlowField.L4_SRC;
    }

    /** TCP's ports lie where UDP's do. */
    private static void setPort(Frame frame, int protocol, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        int before = isSource(set) ? UdpHeader.sourcePort(seg, at) : UdpHeader.destinationPort(seg, at);
        int after = (int) set.applyTo(before);
        if (isSource(set)) {
            UdpHeader.setSourcePort(seg, at, after);
        } else {
            UdpHeader.setDestinationPort(seg, at, after);
        }
        TransportChecksum.followMessage(frame, protocol, Checksum.change(before, after));
    }

    /** ICMPv6 has both where ICMP has them: they are one word of the checksum. */
    private static void setTypeOrCode(Frame frame, int protocol, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        int before = NetworkOrder.getU16(seg, at);
        if (isSource(set)) {
            IcmpHeader.setType(seg, at, (int) set.applyTo(IcmpHeader.type(seg, at)));
        } else {
            IcmpHeader.setCode(seg, at, (int) set.applyTo(IcmpHeader.code(seg, at)));
        }
        TransportChecksum.followMessage(frame, protocol, Checksum.change(before, NetworkOrder.getU16(seg, at)));
    }

    /** A CRC32c cannot be updated by a word: what was wrong in it before is put into the new one. */
    private static void setSctpPort(MemorySegment seg, int at, int bytes, SetField set) {
        int found = SctpHeader.checksum(seg, at);
        SctpHeader.setChecksum(seg, at, 0);
        int wrong = found ^ Crc32c.of(seg, at, bytes);
        if (isSource(set)) {
            SctpHeader.setSourcePort(seg, at, (int) set.applyTo(SctpHeader.sourcePort(seg, at)));
        } else {
            SctpHeader.setDestinationPort(seg, at, (int) set.applyTo(SctpHeader.destinationPort(seg, at)));
        }
        SctpHeader.setChecksum(seg, at, wrong ^ Crc32c.of(seg, at, bytes));
    }
}
