package io.jvswitch.datapath.worker;

import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a worker tells the conductor, over a bounded queue. */
public sealed interface ConductorEvent {

    /** {@link #sender()}: the switch itself, whose news are few and must arrive. */
    int SWITCH = -1;

    /**
     * Whose frame it comes from, and whose share of the queue it takes: a local port's number, {@link
     * Locations#UNDERLAY} for VTEPs that are not known yet, a number above for those that are (which share some), or
     * {@link #SWITCH}.
     */
    default int sender() {
        return SWITCH;
    }

    /**
     * What a translation has to tell.
     *
     * @param nowNs when the frame came that tells it
     */
    record FromTranslation(News news, long nowNs) implements ConductorEvent {
        @Override
        public int sender() {
            return news.sender();
        }
    }

    /**
     * A DHCP message from a guest.
     *
     * @param worker number of the worker that owns the queue to answer by
     * @param port number of the port
     * @param network index of the network
     * @param frame the Ethernet frame's bytes, a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record DhcpRequest(int worker, int port, int network, byte[] frame) implements ConductorEvent {
        @Override
        public int sender() {
            return port;
        }
    }

    /**
     * A frame for a controller.
     *
     * @param port number of the port that it came by
     * @param why reason, and the data of who wants it
     * @param packetType what it begins with, as {@link io.jvswitch.wire.Frame#packetType()} has it
     * @param frame its bytes, a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record PacketIn(int port, Action.ToConductor why, int packetType, byte[] frame) implements ConductorEvent {
        @Override
        public int sender() {
            return port;
        }
    }

    /** A port's device has gone. */
    record PortGone(int port) implements ConductorEvent {}

    /** The kernel refused a datagram to this VTEP as too big: its path MTU must be asked for. */
    record PathTooBig(IpAddress remote) implements ConductorEvent {}

    /**
     * The kernel refused a frame for a reason that no drop reason names.
     *
     * @param port number of the port that it was to leave by
     * @param error call and error, null where the device does not tell
     * @param remote where a tunnel's datagram was to go, null for a local port's frame
     */
    record TransmitRefused(
            int port, @Nullable String error, @Nullable IpAddress remote) implements ConductorEvent {}
}
