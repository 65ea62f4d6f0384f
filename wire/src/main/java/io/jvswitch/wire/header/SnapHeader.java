package io.jvswitch.wire.header;

import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * LLC and SNAP headers after an IEEE 802.3 length (IEEE 802-2014, section 9; RFC 1042), 8 bytes that end in a type
 * field.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   DSAP 0xaa   |   SSAP 0xaa   |  control 0x03 | organisation  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   00-00-00, or 00-00-f8       |             type              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class SnapHeader {

    public static final int BYTES = 8;
    /** {@link #type}: another LLC header, or another organisation's, whose types are not EtherTypes. */
    public static final int NONE = -1;

    private static final int TYPE_OFFSET = 6;

    private static final long WITH_ETHERTYPE = 0xaaaa_0300_0000L;
    /** The bits of organisation 00-00-f8, with which bridges to other media tunnel EtherTypes (IEEE 802.1H). */
    private static final long BRIDGE_TUNNEL = 0xf8;

    private SnapHeader() {}

    /**
     * The type field of a SNAP header.
     *
     * @param at where LLC begins, after the length field
     * @param end offset just after the frame
     * @return the type, or {@link #NONE}
     */
    public static int type(MemorySegment seg, long at, long end) {
        boolean snap = end - at >= BYTES && (NetworkOrder.getU48(seg, at) & ~BRIDGE_TUNNEL) == WITH_ETHERTYPE;
        return snap ? NetworkOrder.getU16(seg, at + TYPE_OFFSET) : NONE;
    }
}
