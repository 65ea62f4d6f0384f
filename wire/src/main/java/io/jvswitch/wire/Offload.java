package io.jvswitch.wire;

/**
 * Work on frames that can be left to a device: the bits of {@link PortQueue#offloads()}.
 *
 * <p>A frame's fields say what it leaves to the device; {@link #needed} reads them. A device accepts the frame when
 * {@code (needed & ~offloads) == 0}.
 *
 * <p>Stateless.
 */
public final class Offload {

    /** Nothing can be left to the device. */
    public static final int NONE = 0;
    /** A partial transport checksum ({@link Frame#CSUM_PARTIAL}); every superframe but {@link #TRAINS} has one. */
    public static final int CHECKSUM = 0x01;
    /** A TCP superframe over IPv4 ({@link Frame#GSO_TCPV4}). */
    public static final int TSO4 = 0x02;
    /** A TCP superframe over IPv6 ({@link Frame#GSO_TCPV6}). */
    public static final int TSO6 = 0x04;
    /** A TCP superframe whose first segment has CWR ({@link Frame#GSO_ECN}). */
    public static final int ECN = 0x08;
    /** A UDP superframe, an Ethernet frame of {@link Frame#GSO_UDP_L4}: UDP headers are written for each datagram. */
    public static final int USO = 0x10;
    /**
     * On a socket: the payloads of equal-sized datagrams, back to back in a frame of {@link Frame#GSO_UDP_L4}. Such a
     * frame has no UDP header yet, so no Ethernet device accepts it, and no socket accepts {@link #USO}.
     */
    public static final int TRAINS = 0x20;

    private Offload() {}

    /**
     * What an Ethernet frame leaves to the device that transmits it. Does not know trains, which only sockets are
     * given.
     *
     * @return a set of bits, {@link #NONE} for a finished frame
     */
    public static int needed(Frame frame) {
        int needed = frame.checksumState() == Frame.CSUM_PARTIAL ? CHECKSUM : NONE;
        int type = frame.gsoType();
        if (type == Frame.GSO_NONE) {
            return needed;
        }
        if ((type & Frame.GSO_ECN) != 0) {
            needed |= ECN;
        }
        return needed
                | switch (type & ~Frame.GSO_ECN) {
                    case Frame.GSO_TCPV4 -> TSO4;
                    case Frame.GSO_TCPV6 -> TSO6;
                    default -> USO;
                };
    }
}
