package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * VXLAN (RFC 7348): an Ethernet frame in a UDP datagram.
 *
 * <pre>
 *  | outer IP | UDP to 4789 | VXLAN, 8 bytes | inner Ethernet frame |
 *  '-------- the socket's --'----------- the datagram ---------------'
 * </pre>
 *
 * <p>The underlay is a UDP socket: the kernel writes and strips everything before the VXLAN header. No bytes are moved;
 * the header is written into the frame's headroom. Stateless, allocates nothing.
 */
public final class Vxlan {

    private Vxlan() {}

    /**
     * Puts a VXLAN header before the frame, which becomes a datagram's payload. The inner frame's checksums must be
     * complete by the time a socket sends it: no device below the socket knows about them.
     *
     * @param vni VXLAN network identifier, 0 to 2^24-1
     * @return false when there is no headroom, and then the frame is unchanged: {@link DropReason#HEADROOM}
     */
    public static boolean push(Frame frame, int vni) {
        if (!OuterHeader.push(frame, VxlanHeader.BYTES)) {
            return false;
        }
        VxlanHeader.write(frame.segment(), frame.start(), vni);
        return true;
    }

    /**
     * Checks and strips the VXLAN header of a received datagram and notes the VNI, and the group policy if there is
     * one, in the frame's tunnel fields. The I flag must be set; all reserved bits are ignored (RFC 7348, section 5).
     *
     * @return null, or why the frame is to be dropped, and then it is unchanged: {@link DropReason#VXLAN_TRUNCATED},
     *     {@link DropReason#VXLAN_NO_VNI}, {@link DropReason#ETHERNET_TRUNCATED}
     */
    public static @Nullable DropReason pop(Frame frame) {
        int at = frame.start();
        DropReason malformed = VxlanHeader.check(frame.segment(), at, frame.length());
        if (malformed == null) {
            malformed = OuterHeader.strip(frame, VxlanHeader.BYTES);
        }
        if (malformed == null) {
            MemorySegment seg = frame.segment();
            frame.setTunnel(VxlanHeader.vni(seg, at), TunnelFlags.VXLAN | TunnelFlags.KEYED);
            if ((VxlanHeader.flags(seg, at) & VxlanHeader.FLAG_G) != 0) {
                frame.setGroupPolicy(VxlanHeader.policyFlags(seg, at), VxlanHeader.policyId(seg, at));
            } else {
                frame.setGroupPolicy(0, 0); // another datagram of the train may have had one
            }
        }
        return malformed;
    }
}
