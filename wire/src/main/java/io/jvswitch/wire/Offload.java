package io.jvswitch.wire;

/**
 * What a device takes unfinished and finishes itself: bits that {@link PortQueue#offloads()} is a set of.
 *
 * <p>A frame says by its fields what it leaves to the device; {@link #needed} reads them. A device takes the frame when
 * {@code (needed & ~offloads) == 0}.
 *
 * <p>Stateless.
 */
public final class Offload {

    /** Every frame must be finished. */
    public static final int NONE = 0;
    /** A partial transport checksum ({@link Frame#CSUM_PARTIAL}); every superframe but {@link #TRAINS} has one. */
    public static final int CHECKSUM = 0x01;
    /** A TCP superframe over IPv4 ({@link Frame#GSO_TCPV4}). */
    public static final int TSO4 = 0x02;
    /** A TCP superframe over IPv6 ({@link Frame#GSO_TCPV6}). */
    public static final int TSO6 = 0x04;
    /** A TCP superframe whose first segment says CWR ({@link Frame#GSO_ECN}). */
    public static final int ECN = 0x08;
    /** A UDP superframe, an Ethernet frame of {@link Frame#GSO_UDP_L4}: UDP headers are made for each datagram. */
    public static final int USO = 0x10;
    /**
     * On a socket: the payloads of equal-sized datagrams, back to back in a frame of {@link Frame#GSO_UDP_L4}. Such a
     * frame has no UDP header yet, so no Ethernet device takes it, and a socket takes no {@link #USO}.
     */
    public static final int TRAINS = 0x20;

    private Offload() {}

    /**
     * What an Ethernet frame needs of the device that transmits it. Says nothing about trains, which only sockets are
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
