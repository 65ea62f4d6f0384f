package io.jvswitch.encap.offload;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;

/**
 * Sets a frame's layers as extraction does for a well-formed frame; extraction itself is a module that this one may not
 * know.
 */
public final class Layers {

    private Layers() {}

    public static Frame set(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.start() + 12;
        while (VlanTag.isTpid(NetworkOrder.getU16(seg, at))) {
            at += VlanTag.BYTES;
        }
        int type = NetworkOrder.getU16(seg, at);
        int l3At = at + 2;
        int l4At = 0;
        if (type == EtherType.IPV4) {
            l4At = Ipv4Header.isLaterFragment(seg, l3At) ? 0 : l3At + Ipv4Header.headerBytes(seg, l3At);
        } else if (type == EtherType.IPV6) {
            long walk = Ipv6Extensions.walk(seg, l3At);
            boolean none =
                    Ipv6Extensions.isLaterFragment(walk) || Ipv6Extensions.protocol(walk) == IpProtocol.NO_NEXT_HEADER;
            l4At = none ? 0 : l3At + Ipv6Extensions.transportOffset(walk);
        } else if (type != EtherType.ARP) {
            l3At = 0;
        }
        frame.setLayers(l3At, l4At);
        return frame;
    }
}
