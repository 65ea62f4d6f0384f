package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.LinkLayer;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import java.lang.foreign.MemorySegment;

/**
 * Lowers a time to live by one: IPv4's (RFC 791), the hop limit of IPv6 (RFC 8200), MPLS's (RFC 3032) or NSH's (RFC
 * 8300).
 *
 * <p>Stateless; allocates nothing.
 */
public final class TimeToLive {

    private TimeToLive() {}

    /**
     * Lowers it, if the frame has such a header.
     *
     * @return whether it goes on; if not, its time was 1 or 0, and it is unchanged
     */
    public static boolean lower(Frame frame, Action.TtlOf header) {
        return switch (header) {
            case IP -> lowerIp(frame);
            case MPLS -> lowerMpls(frame);
            case NSH -> lowerNsh(frame);
        };
    }

    private static boolean lowerIp(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int type = HeaderWriter.networkType(frame);
        if (type == EtherType.IPV4) {
            int ttl = Ipv4Header.ttl(seg, at);
            if (ttl <= 1) {
                return false;
            }
            Ipv4Header.changeTtl(seg, at, ttl - 1);
        } else if (type == EtherType.IPV6) {
            int hopLimit = Ipv6Header.hopLimit(seg, at);
            if (hopLimit <= 1) {
                return false;
            }
            Ipv6Header.setHopLimit(seg, at, hopLimit - 1);
        }
        return true;
    }

    private static boolean lowerMpls(Frame frame) {
        int at = MplsHeader.at(frame);
        int ttl = at == LinkLayer.NONE ? 0 : MplsHeader.ttl(frame.segment(), at);
        if (ttl > 1) {
            MplsHeader.setTtl(frame.segment(), at, ttl - 1);
        }
        return at == LinkLayer.NONE || ttl > 1;
    }

    private static boolean lowerNsh(Frame frame) {
        int at = NshHeader.at(frame);
        int ttl = at == LinkLayer.NONE ? 0 : NshHeader.ttl(frame.segment(), at);
        if (ttl > 1) {
            NshHeader.setTtl(frame.segment(), at, ttl - 1);
        }
        return at == LinkLayer.NONE || ttl > 1;
    }
}
