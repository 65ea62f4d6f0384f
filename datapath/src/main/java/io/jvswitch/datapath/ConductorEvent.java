package io.jvswitch.datapath;

import io.jvswitch.flowtable.Fdb;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a worker tells the conductor, over a bounded queue. */
public sealed interface ConductorEvent {

    /** A source MAC seen at a new place. */
    record Learn(int domain, Fdb fdb, long mac, int vlan, int location, long nowNs) implements ConductorEvent {}

    /**
     * A DHCP message from a guest.
     *
     * @param worker the worker that owns the queue to answer by
     * @param port number of the port
     * @param domain index of the network
     * @param frame the Ethernet frame's bytes, a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record DhcpRequest(Worker worker, int port, int domain, byte[] frame) implements ConductorEvent {}

    /** A frame from a VTEP that is accepted and has no index yet: it must have one before it can be learnt from. */
    record NewVtep(IpAddress address) implements ConductorEvent {}

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
