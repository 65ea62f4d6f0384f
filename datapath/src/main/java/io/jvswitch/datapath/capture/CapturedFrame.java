package io.jvswitch.datapath.capture;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A frame as a capture saw it.
 *
 * @param timeNs the worker's time, of {@link System#nanoTime()}
 * @param port number of the port where it was seen, or {@link Locations#UNDERLAY}
 * @param leaving whether it leaves by the port; else it came in by it
 * @param drop why it was dropped, null when it was not
 * @param inPort number of the port that it came in by
 * @param lengthBytes its length; {@code bytes} may be shorter
 * @param gsoSizeBytes payload bytes of each segment of a superframe, 0 for an ordinary frame
 * @param tunnelFlags kind of the tunnel that carries it and whether it has a key, as {@link
 *     io.jvswitch.encap.TunnelFlags}; 0 without one
 * @param tunnelId its VNI or key
 * @param peer the other end of the tunnel, or of the socket where {@code outer}
 * @param peerPort its UDP port, 0 where the tunnel has none
 * @param local our end's address, unspecified where it is not known
 * @param outer whether the bytes begin with the tunnel's header, which could not be popped, and not with Ethernet's
 * @param lostBefore frames that its worker could not keep since the last one that it kept
 * @param bytes the first bytes of it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record CapturedFrame(
        long timeNs,
        int port,
        boolean leaving,
        @Nullable DropReason drop,
        int inPort,
        int lengthBytes,
        int gsoSizeBytes,
        int tunnelFlags,
        long tunnelId,
        IpAddress peer,
        int peerPort,
        IpAddress local,
        boolean outer,
        long lostBefore,
        byte[] bytes) {}
