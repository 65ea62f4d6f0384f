package io.jvswitch.datapath.translate;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A port of the data path. All bridges' ports are numbered in one space; the number that a bridge's own users know a
 * port by is that bridge's business.
 *
 * <p>Immutable.
 */
public sealed interface Port {

    /** In the data path's one number space: {@link Locations}. */
    int number();

    /** As operators know it. */
    String name();

    /** {@link Bridge#id()} of the bridge that decides about its frames. */
    int bridge();

    /**
     * A network device: a guest's TAP, a veth, a NIC.
     *
     * @param mtuBytes largest IP packet that it takes
     * @param attached whether the device is there and has a carrier
     */
    record Device(int number, String name, int bridge, int mtuBytes, boolean attached) implements Port {}

    /**
     * A device of the switch's own on the host, by which the host itself takes part in a bridge.
     *
     * @param mtuBytes largest IP packet that it takes
     * @param attached whether the device is there and is up
     */
    record Internal(int number, String name, int bridge, int mtuBytes, boolean attached) implements Port {}

    /**
     * A tunnel. What is null (of the key: {@link #KEY_OF_FLOW}) is not the port's but comes with each frame: on the way
     * in it is whatever the frame has, on the way out what translation has set. What arrives is classified by kind,
     * key, local and remote address, as {@link TunnelPorts} says.
     *
     * @param kind of tunnel
     * @param local our own address
     * @param remote the other end's
     * @param key VNI or GRE key, {@link #KEY_OF_FLOW}, or {@link #KEYLESS} for GRE without one
     * @param udpPort UDP destination port; 0 for GRE
     * @param pathMtuBytes MTU of the underlay path to the remote (outer IP packet), 0 while there is no fixed remote
     * @param traffic what it counts; lives as long as the port, through all its changes
     */
    record Tunnel(
            int number,
            String name,
            int bridge,
            @Nullable TunnelKind kind,
            @Nullable IpAddress local,
            @Nullable IpAddress remote,
            long key,
            int udpPort,
            int pathMtuBytes,
            TunnelTraffic traffic)
            implements Port {

        /** Every key: it comes with the frame. */
        public static final long KEY_OF_FLOW = -1;
        /** GRE without a key. */
        public static final long KEYLESS = -2;
    }

    /**
     * One end of a cable between two bridges. It costs nothing at run time: translation goes on in the other bridge, as
     * if the frame had come in by the peer.
     *
     * @param peer number of the other end; where there is no such port, or it is no patch port whose peer is this one,
     *     frames end here
     */
    record Patch(int number, String name, int bridge, int peer) implements Port {}
}
