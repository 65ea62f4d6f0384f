package io.jvswitch.datapath.translate;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a frame leaves by a tunnel port: by what the port fixes, and for the rest by the tunnel fields of the
 * translation's working copy, as {@code set_field} wrote them or as the frame arrived.
 */
final class TunnelOutput {

    /** Of a path that nothing is known of, and of guests that nobody has told how much they may send. */
    private static final int MAX_MTU_BYTES = 65_535;

    private TunnelOutput() {}

    /**
     * The action; {@code null} when neither the port nor the frame has a remote address or a kind of tunnel.
     *
     * @param before what may be taken instead of an equal one that is new
     */
    static Action.@Nullable Tunnel of(Port.Tunnel port, FlowReader key, @Nullable Action before) {
        TunnelKind kind = port.kind();
        if (kind == null) {
            int flags = (int) key.get(FlowField.TUNNEL_FLAGS, TunnelFlags.KIND_MASK);
            if (!TunnelFlags.isTunnel(flags)) {
                return null;
            }
            kind = TunnelFlags.kind(flags);
        }
        IpAddress remote = port.remote();
        long hi = remote == null ? key.getHi(FlowField.TUNNEL_DST) : remote.hi();
        long lo = remote == null ? key.get(FlowField.TUNNEL_DST) : remote.lo();
        if (IpAddress.isIpv4(hi, lo) ? (int) lo == 0 : (hi | lo) == 0) {
            return null;
        }
        boolean keyed = port.key() != Port.Tunnel.KEYLESS;
        long id = port.key() == Port.Tunnel.KEY_OF_FLOW ? key.get(FlowField.TUNNEL_ID) : keyed ? port.key() : 0;
        int udpPort = kind == TunnelKind.GRE ? 0 : port.udpPort();
        int mtuBytes = port.pathMtuBytes() == 0
                ? MAX_MTU_BYTES
                : EffectiveMtu.of(kind, keyed, !IpAddress.isIpv4(hi, lo), port.pathMtuBytes());
        boolean same = before instanceof Action.Tunnel old
                && old.kind() == kind
                && old.id() == id
                && old.keyed() == keyed
                && old.remote().hi() == hi
                && old.remote().lo() == lo
                && old.udpPort() == udpPort
                && old.mtuBytes() == mtuBytes
                && old.guestMtuBytes() == MAX_MTU_BYTES
                && old.tos().equals(OuterTos.DEFAULT)
                && old.arrivalTag() == 0
                && old.sent().equals(port.traffic().sent());
        return same
                ? (Action.Tunnel) before
                : new Action.Tunnel(
                        kind,
                        id,
                        keyed,
                        remote == null ? new IpAddress(hi, lo) : remote,
                        udpPort,
                        mtuBytes,
                        MAX_MTU_BYTES,
                        OuterTos.DEFAULT,
                        0,
                        port.traffic().sent());
    }
}
